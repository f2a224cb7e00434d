namespace Chaos.Reports.Sensitivity;

/// <summary>How often a defect of one size was caught.</summary>
/// <param name="Size">In the unit of the curve.</param>
/// <param name="Caught">Of the simulated runs, how many raised the alarm.</param>
public readonly record struct SensitivityPoint(double Size, int Caught);

/// <summary>How often one check catches one defect, by its size.</summary>
/// <param name="Experiment">Id of the experiment.</param>
/// <param name="Expectation">Id of the expectation.</param>
/// <param name="Check">Name of the check.</param>
/// <param name="Defect">What is wrong, such as "deliveries lost".</param>
/// <param name="Unit">Unit of the size, such as "per million".</param>
/// <param name="Sample">Observations that the check has.</param>
/// <param name="Points">By ascending size.</param>
public sealed record SensitivityCurve(string Experiment, string Expectation, string Check, string Defect, string Unit, long Sample, IReadOnlyList<SensitivityPoint> Points)
{
    /// <summary>The smallest size from which on at least a share of the simulated runs caught it; null when none of those tried was.</summary>
    /// <param name="share">Such as 0.95.</param>
    /// <param name="repetitions">Simulated runs for each size.</param>
    public double? CaughtFrom(double share, int repetitions)
    {
        var last = Points.Reverse().TakeWhile(p => p.Caught >= share * repetitions).ToList();
        return last.Count > 0 ? last[^1].Size : null;
    }
}

/// <summary>The curves of all checks of a run.</summary>
/// <param name="Seed">Seed of the simulated runs.</param>
/// <param name="Repetitions">Simulated runs for each size of each defect.</param>
public sealed record SensitivityCurves(long Seed, int Repetitions, IReadOnlyList<SensitivityCurve> Curves);

internal sealed record SensitivityDocument(int SchemaVersion, long Seed, int Repetitions, IReadOnlyList<SensitivityCurve> Curves);
