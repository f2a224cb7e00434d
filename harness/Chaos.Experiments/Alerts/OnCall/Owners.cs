namespace Chaos.Experiments.Alerts.OnCall;

/// <summary>Who of a team is on call at a moment.</summary>
/// <param name="Team">The team.</param>
/// <param name="Who">Their name; null when nobody is, which is so before the first handover.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Until when.</param>
/// <param name="By">What says so: the name of a rotation, or the reason of an override.</param>
public sealed record Owner(TeamDefinition Team, string? Who, DateTimeOffset Since, DateTimeOffset Until, string By);

/// <summary>Tells who owns what.</summary>
public static class Owners
{
    /// <summary>Who is on call at a moment, for each team. Times are in the team's own zone.</summary>
    public static IReadOnlyList<Owner> At(OnCallDefinition onCall, DateTimeOffset moment) => [.. onCall.Teams.Select(team => Of(team, moment))];

    /// <summary>The same of one team.</summary>
    public static Owner Of(TeamDefinition team, DateTimeOffset moment)
    {
        var (schedule, zone) = (new Schedule(team), LocalTimes.Zone(team.Zone)!);
        return schedule.At(moment) is { } duty
            ? new Owner(team, duty.Who, TimeZoneInfo.ConvertTime(duty.From, zone), TimeZoneInfo.ConvertTime(duty.To, zone), duty.By)
            : new Owner(team, null, TimeZoneInfo.ConvertTime(moment, zone), TimeZoneInfo.ConvertTime(schedule.Begins, zone), "");
    }
}
