namespace Chaos.Experiments.Alerts.OnCall;

/// <summary>Who of a team is on call when: overrides before rotations, rotations in their order.</summary>
internal sealed class Schedule
{
    private static readonly TimeSpan Reach = TimeSpan.FromDays(15);

    private readonly List<Rotation> _rotations;
    private readonly List<Duty> _overrides;

    public Schedule(TeamDefinition team)
    {
        Team = team;
        _rotations = [.. team.Rotations.Select(r => new Rotation(r, Zone(r.Zone)))];
        _overrides = [.. team.Overrides.Select(o => new Duty(o.Who, LocalTimes.ToMoment(o.From, Zone(team.Zone)), LocalTimes.ToMoment(o.To, Zone(team.Zone)), o.Why))];
    }

    /// <summary>The team.</summary>
    public TeamDefinition Team { get; }

    /// <summary>The first moment that a rotation covers.</summary>
    public DateTimeOffset Begins => _rotations.Min(r => r.Begins);

    /// <summary>The moment from which on all rotations turn.</summary>
    public DateTimeOffset AllBegun => _rotations.Max(r => r.Begins);

    /// <summary>Who is on call at a moment, since when and until when; null when nobody is.</summary>
    public Duty? At(DateTimeOffset moment)
    {
        List<Duty> all = [.. _overrides, .. Turns(moment, moment)];
        if (all.FirstOrDefault(d => d.Covers(moment)) is not { } duty) return null;
        // What goes before it may cut it short at both ends.
        var before = all.TakeWhile(d => d != duty).ToList();
        var from = before.Select(d => d.To).Where(t => t <= moment).Append(duty.From).Max();
        var to = before.Select(d => d.From).Where(t => t > moment).Append(duty.To).Min();
        return duty with { From = from, To = to };
    }

    /// <summary>The first stretch of time of a longer one that no rotation covers, overrides or not; null when there is none.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Gap(DateTimeOffset from, DateTimeOffset to)
    {
        var covered = from;
        foreach (var duty in Turns(from, to).OrderBy(d => d.From))
        {
            if (covered >= to) return null;
            if (duty.From > covered) return (covered, duty.From < to ? duty.From : to);
            if (duty.To > covered) covered = duty.To;
        }

        return covered < to ? (covered, to) : null;
    }

    private IEnumerable<Duty> Turns(DateTimeOffset from, DateTimeOffset to) => _rotations.SelectMany(r => r.Between(from - Reach, to + Reach));

    private static TimeZoneInfo Zone(string name) =>
        LocalTimes.Zone(name) ?? throw new TimeZoneNotFoundException($"This machine does not know the time zone {name}. On Linux, install tzdata.");
}
