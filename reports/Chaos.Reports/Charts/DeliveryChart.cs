using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Charts;

/// <summary>p50, p95 and p99 from due to delivered, over the time the messages were due.</summary>
internal static class DeliveryChart
{
    public static Chart? Of(ExperimentData experiment, DeliverySeries series)
    {
        if (series.Messages == 0) return null;
        var least = series.Filled.Min(b => b.P50Ms);
        var most = series.Filled.Max(b => b.P99Ms);
        var marks = Budgets(experiment).ToList();
        most = Math.Max(most, marks.Select(m => m.Y).DefaultIfEmpty(0).Max());
        var logarithmic = most > 30 * Math.Max(least, 0.05);
        return new Chart($"Delivery time percentiles of {experiment.Verdict.Id} over time", logarithmic ? "ms, logarithmic" : "ms", 0, experiment.Timeline.Seconds,
            logarithmic ? Axis.Log(Math.Max(least, 0.05), most) : Axis.Linear(most),
            [
                Percentile("p50", series, b => b.P50Ms), Percentile("p95", series, b => b.P95Ms), Percentile("p99", series, b => b.P99Ms),
            ])
        {
            Phases = experiment.Timeline.Phases,
            Faults = experiment.Timeline.Faults,
            Marks = marks,
        };
    }

    private static Line Percentile(string name, DeliverySeries series, Func<DeliveryBin, double> of)
    {
        var runs = new List<List<(double, double)>>();
        var last = int.MinValue;
        foreach (var bin in series.Filled)
        {
            if (bin.Index != last + 1) runs.Add([]);
            runs[^1].Add((series.Bins.Middle(bin.Index), of(bin)));
            last = bin.Index;
        }

        return new Line(name, name, runs);
    }

    // Where an expectation set a p99 budget, over the stretch for which it holds.
    private static IEnumerable<Mark> Budgets(ExperimentData experiment)
    {
        foreach (var expectation in experiment.Verdict.Expectations.Where(e => e.Check.Contains("latency", StringComparison.Ordinal) && Definitions.Option(experiment.Definition, e.Id, "of") is null or "delivered"))
        {
            if (expectation.Measures.FirstOrDefault(m => m is { Unit: "ms", Comparison: "≤" } && m.Name.StartsWith("p99", StringComparison.Ordinal)) is not { } p99) continue;
            if (!double.IsFinite(p99.Threshold) || p99.Threshold <= 0) continue;
            if (experiment.Timeline.Named(Definitions.During(experiment.Definition, expectation.Id) ?? "run") is { } window)
                yield return new Mark(window.From, window.To, p99.Threshold, $"p99 ≤ {Words.Number(p99.Threshold, "ms")}");
        }
    }
}
