namespace Chaos.Experiments.Files;

/// <summary>A range that a duration must lie in, both ends included.</summary>
internal readonly record struct DurationRange(TimeSpan Min, TimeSpan Max)
{
    /// <summary>"0s to 1h".</summary>
    public override string ToString() => $"{Durations.Format(Min)} to {Durations.Format(Max)}";
}

/// <summary>Limits of what an experiment may ask for. They are far beyond what makes sense, and keep a slip of the pen from running for a week.</summary>
internal static class Limits
{
    public static readonly DurationRange Phase = new(TimeSpan.Zero, TimeSpan.FromHours(1));
    public static readonly DurationRange Settle = new(TimeSpan.Zero, TimeSpan.FromMinutes(10));
    public static readonly DurationRange FaultAt = new(TimeSpan.Zero, TimeSpan.FromHours(1));
    public static readonly DurationRange FaultFor = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    public static readonly DurationRange Every = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    public static readonly DurationRange Jitter = new(TimeSpan.Zero, TimeSpan.FromHours(1));
    public static readonly DurationRange StopFor = new(TimeSpan.Zero, TimeSpan.FromHours(1));
    public static readonly DurationRange TokenTtl = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    public static readonly DurationRange ScriptTokenTtl = new(TimeSpan.FromHours(-24), TimeSpan.FromHours(24));
    public static readonly DurationRange ScriptPause = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
    public static readonly DurationRange Within = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));

    public static readonly DurationRange AlertInterval = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
    public static readonly DurationRange AlertFor = new(TimeSpan.Zero, TimeSpan.FromDays(7));
    public static readonly DurationRange AlertWithin = new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(31));

    public static readonly DurationRange RunbookLimit = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    public static readonly DurationRange RunbookOver = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>Longest timeline, from the start of the faults phase to the end of the last fault.</summary>
    public static readonly TimeSpan Timeline = TimeSpan.FromHours(2);

    /// <summary>Most occurrences of all faults of an experiment together.</summary>
    public const int Occurrences = 10_000;
}
