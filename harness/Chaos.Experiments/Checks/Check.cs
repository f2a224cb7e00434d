using System.Text.Json.Nodes;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks;

/// <summary>What all checks share: their name, options, and how a finding becomes a result.</summary>
internal abstract class Check(string name, string summary, string statistic, params CheckOption[] options) : ICheck
{
    /// <summary>Stands for "without bound" in results, because JSON has no infinity.</summary>
    public const double Unbounded = 1e9;

    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public string Summary => summary;

    /// <inheritdoc />
    public virtual bool IsTimed => true;

    /// <inheritdoc />
    public virtual bool NeedsAlerts => false;

    /// <inheritdoc />
    public virtual bool ReadsProxy => false;

    /// <inheritdoc />
    public JsonObject OptionsSchema => CheckOption.SchemaOf(options);

    /// <inheritdoc />
    public IReadOnlyDictionary<string, string> Budgets { get; } =
        options.OfType<NumberOption>().Where(o => o.Budget is not null).ToDictionary(o => o.Name, o => o.Budget!, StringComparer.Ordinal);

    /// <inheritdoc />
    public ExpectationResult Evaluate(CheckContext context)
    {
        var finding = Judge(context);
        var measures = finding.Measures.Select(Finite).ToList();
        return new ExpectationResult(context.Expectation.Id, name, finding.Outcome, finding.Statistic ?? statistic, finding.Sentence, Deciding(measures), measures);
    }

    /// <summary>Judges the window.</summary>
    protected abstract Finding Judge(CheckContext context);

    /// <summary>The worst measure: the first on the wrong side, else the one that comes nearest to its threshold.</summary>
    private static Measure? Deciding(IReadOnlyList<Measure> measures) =>
        measures.FirstOrDefault(m => !m.Ok)
        ?? measures.OrderBy(m => Math.Abs(m.Threshold - m.Value) / Math.Max(Math.Max(Math.Abs(m.Threshold), Math.Abs(m.Value)), 1e-9)).FirstOrDefault();

    private static Measure Finite(Measure m) => m with
    {
        Value = Finite(m.Value), Threshold = Finite(m.Threshold),
        Low = m.Low is { } low && double.IsFinite(low) ? low : null, High = m.High is { } high && double.IsFinite(high) ? high : null,
    };

    private static double Finite(double value) => double.IsNaN(value) ? 0 : Math.Clamp(value, -Unbounded, Unbounded);
}

/// <summary>What a check found.</summary>
/// <param name="Sentence">One sentence with its numbers, without a full stop at the end.</param>
/// <param name="Statistic">The statistic in words, where it depends on the options.</param>
internal sealed record Finding(ExpectationOutcome Outcome, string Sentence, IReadOnlyList<Measure> Measures, string? Statistic = null)
{
    /// <summary>Met or broken by whether every measure is on the right side.</summary>
    public static Finding ByMeasures(string sentence, IReadOnlyList<Measure> measures, string? statistic = null) =>
        new(measures.All(m => m.Ok) ? ExpectationOutcome.Met : ExpectationOutcome.Broken, sentence, measures, statistic);

    /// <summary>The journal does not say enough.</summary>
    public static Finding Inconclusive(string sentence, params IReadOnlyList<Measure> measures) => new(ExpectationOutcome.Inconclusive, sentence, measures);
}
