namespace Chaos.Experiments.Alerts.OnCall;

/// <summary>Turns of a rotation, in calendar days of its zone: a shift across a change of clocks is an hour shorter or longer.</summary>
internal sealed class Rotation(RotationDefinition definition, TimeZoneInfo zone)
{
    /// <summary>The first handover.</summary>
    public DateTimeOffset Begins => LocalTimes.ToMoment(definition.Begins, zone);

    /// <summary>Times on call that touch a stretch of time, in order.</summary>
    public IEnumerable<Duty> Between(DateTimeOffset from, DateTimeOffset to)
    {
        // A time zone is at most 14 hours from UTC, and a duty with hours at most a day long.
        var first = from < Begins ? 0 : Math.Max(0, (int)((from.UtcDateTime.AddDays(-2) - definition.Begins).TotalDays / Step) - 1);
        for (var n = first; ; n++)
        {
            var duty = definition.Hours is { } hours ? Day(n, hours) : Turn(n);
            if (duty.From >= to) yield break;
            if (duty.To > from && duty.To > duty.From) yield return duty;
        }
    }

    private int Step => definition.Hours is null ? definition.EveryDays : 1;

    private Duty Turn(int n) => new(Person(n), Handover(n), Handover(n + 1), definition.Name);

    // The hours of the n-th day. Who has them is who has the turn when they begin; before the first handover nobody does.
    private Duty Day(int n, HoursDefinition hours)
    {
        var date = definition.Begins.Date.AddDays(n);
        var begin = date + hours.From.ToTimeSpan();
        var end = date.AddDays(hours.To > hours.From ? 0 : 1) + hours.To.ToTimeSpan();
        var turn = Math.Max(0, (int)Math.Floor((begin - definition.Begins).TotalDays / definition.EveryDays));
        var from = LocalTimes.ToMoment(begin, zone);
        return new Duty(Person(turn), from < Begins ? Begins : from, LocalTimes.ToMoment(end, zone), definition.Name);
    }

    private DateTimeOffset Handover(int n) => LocalTimes.ToMoment(definition.Begins.AddDays((double)n * definition.EveryDays), zone);

    private string Person(int turn) => definition.People[turn % definition.People.Count];
}
