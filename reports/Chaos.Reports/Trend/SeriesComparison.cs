using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Trend;

/// <summary>
/// Goes through the nights in their order and compares every number with what was remembered before, so that a night is judged by what
/// was known then, and a flag on an old night is the one that was raised on it.
/// </summary>
internal sealed class SeriesComparison
{
    private readonly Dictionary<SeriesKey, List<SeriesPoint>> _points = [];
    private readonly Dictionary<(SeriesKey, NightMachine, string Conditions), SeriesMemory> _memories = [];
    private readonly List<TrendSeries> _tonight = [];
    private readonly int _nights;

    private SeriesComparison(int nights) => _nights = nights;

    /// <summary>How many series were tested on the last night.</summary>
    public int Tested { get; private set; }

    /// <summary>Compares every night, the last being tonight.</summary>
    public static SeriesComparison Of(IReadOnlyList<Night> nights, TrendRules rules)
    {
        var comparison = new SeriesComparison(nights.Count);
        for (var i = 0; i < nights.Count; i++) comparison.Take(nights[i], i, rules);
        return comparison;
    }

    /// <summary>Series of the last night, with their points from a night on, whose index becomes 0.</summary>
    public IReadOnlyList<TrendSeries> Shown(int from) =>
        [.. _tonight.Select(s => s with { Points = [.. _points[s.Key].Where(p => p.Night >= from).Select(p => p with { Night = p.Night - from })] })];

    private void Take(Night night, int index, TrendRules rules)
    {
        var numbers = night.Experiments.SelectMany(e => e.Expectations, (e, x) => (e, x)).SelectMany(p => p.x.Measures.DistinctBy(m => m.Name), (p, m) => new Number(p.e, p.x, m, Memory(night, p.e, p.x, m, rules))).ToList();
        var candidates = numbers.Count(n => n.NotTested is null);
        // Of the nights before alone, like everything that tonight is held against.
        var priors = numbers.Where(n => n.NotTested is null).GroupBy(n => n.Expectation.Check).ToDictionary(g => g.Key, g => SpreadPrior.Of([.. g.Select(n => n.Memory.Spread)]), StringComparer.Ordinal);
        numbers = [.. numbers.Select(n => n.NotTested is null && n.Memory.CrossesFirst(n.Measure, rules.Alpha / candidates, priors[n.Expectation.Check]) ? n with { NotTested = "it varies so much that it would cross its threshold first" } : n)];
        Tested = numbers.Count(n => n.NotTested is null);
        foreach (var number in numbers)
        {
            var (experiment, measure) = (number.Experiment, number.Measure);
            var finding = number.NotTested is null ? number.Memory.Compare(measure, rules.Alpha / Tested, priors[number.Expectation.Check]) : null;
            var accepted = night.Accepted.Contains(experiment.Id);
            if (accepted && finding is not null) finding = finding with { Worse = false };
            // A run in which something else failed may be slow because of that: nothing is learned from it. Nor is from a busy machine.
            if (experiment is { Outcome: Outcome.Passed, Load: not { IsBusy: true } } && finding is not { Worse: true }) number.Memory.Add(measure);
            var points = _points.TryGetValue(number.Key, out var known) ? known : _points[number.Key] = [];
            points.Add(new SeriesPoint(index, measure, finding?.Limit, finding is { Worse: true }));
            if (index == _nights - 1) _tonight.Add(new TrendSeries(number.Key, number.Expectation.Check, measure.Bad, points, finding, number.NotTested));
        }
    }

    private SeriesMemory Memory(Night night, NightExperiment experiment, NightExpectation expectation, NightMeasure measure, TrendRules rules)
    {
        var key = (new SeriesKey(experiment.Id, expectation.Id, measure.Name), night.Machine, experiment.Conditions);
        return _memories.TryGetValue(key, out var memory) ? memory : _memories[key] = new SeriesMemory(measure.Bad, rules.Nights);
    }

    private sealed record Number(NightExperiment Experiment, NightExpectation Expectation, NightMeasure Measure, SeriesMemory Memory)
    {
        public SeriesKey Key { get; } = new(Experiment.Id, Expectation.Id, Measure.Name);

        /// <summary>Only what a run that came to its end found is compared, and only while it is within its threshold: beyond it, the verdict says so.</summary>
        public string? NotTested { get; init; } = Experiment.Outcome is not (Outcome.Passed or Outcome.Deviated) ? $"the experiment was {Text.Words.Of(Experiment.Outcome)}"
            : Experiment.Load is { IsBusy: true } ? "other programs kept the machine busy"
            : !Measure.Ok ? "it is beyond its threshold already" : Memory.WhyNot(Measure);
    }
}
