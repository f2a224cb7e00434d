namespace Chaos.Experiments.Alerts.OnCall;

/// <summary>
/// Times as clocks on a wall show them → moments. Where clocks are moved forward over a time, it is taken as if they had not been moved yet
/// (02:30 becomes 03:30); where they show a time twice, the first is meant: as in RFC 5545, section 3.3.5.
/// </summary>
internal static class LocalTimes
{
    /// <summary>The moment.</summary>
    public static DateTimeOffset ToMoment(DateTime local, TimeZoneInfo zone)
    {
        var plain = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var offset = zone.IsAmbiguousTime(plain) ? zone.GetAmbiguousTimeOffsets(plain).Max()
            : zone.IsInvalidTime(plain) ? zone.GetUtcOffset(plain.AddDays(-1))
            : zone.GetUtcOffset(plain);
        return new DateTimeOffset(plain, offset).ToUniversalTime();
    }

    /// <summary>A zone by its IANA name; null when this machine does not know it.</summary>
    public static TimeZoneInfo? Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
