using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Verdicts;

/// <summary>Exit codes of the command line. A suite exits with that of its worst experiment.</summary>
public static class ExitCodes
{
    /// <summary>Unusable file or flags.</summary>
    public const int Usage = 64;

    /// <summary>Of <c>chaos nightly</c>: everything held, and a number got worse than chance explains.</summary>
    public const int Worse = 6;

    /// <summary>The code of an outcome.</summary>
    public static int Of(Outcome outcome) => outcome switch
    {
        Outcome.Passed => 0,
        Outcome.Deviated => 1,
        Outcome.Inconclusive => 2,
        Outcome.BaselineNotMet => 3,
        Outcome.Aborted => 4,
        Outcome.ProbeError => 5,
        Outcome.Error => 70,
        Outcome.Interrupted => 130,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No exit code."),
    };

    /// <summary>An outcome as files and people spell it, such as <c>baseline-not-met</c>.</summary>
    public static string NameOf(Outcome outcome) => outcome switch
    {
        Outcome.ProbeError => "probe-error",
        Outcome.BaselineNotMet => "baseline-not-met",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
