using Chaos.Journal.Events;

namespace Chaos.Journal.Verdicts;

/// <summary>Who used the machine over a stretch of time: the means of its readings.</summary>
/// <param name="Others">Share of all processors, 0 to 1, that other programs took.</param>
/// <param name="Idle">Share that was left.</param>
public sealed record MachineLoad(double Others, double Idle)
{
    /// <summary>
    /// Share of the processors that others may take. Measured on 2 cores: beside one program that never rests (others 0.35 to 0.43, idle
    /// 0.06 to 0.16) nothing broke; beside four (others 0.54, idle 0) the spread of backoff gaps did.
    /// </summary>
    public const double MostForOthers = 0.25;

    /// <summary>Where this share is idle, all the same, nobody had to wait for a processor.</summary>
    public const double EnoughIdle = 0.25;

    /// <summary>Other programs kept the machine so busy that what takes time says nothing about the system.</summary>
    public bool IsBusy => Others >= MostForOthers && Idle < EnoughIdle;

    /// <summary>The load over some readings; null where there are none.</summary>
    public static MachineLoad? Of(IReadOnlyCollection<MachineSampled> readings) =>
        readings.Count == 0 ? null : new MachineLoad(readings.Average(s => s.Others), readings.Average(s => s.Idle));
}
