using System.Text.Encodings.Web;
using System.Text.Json;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Json;

/// <summary>The run for programs; see <see cref="SummaryDocument"/> for its shape.</summary>
internal sealed class JsonReport : IReportFormat
{
    /// <summary>Version of the shape.</summary>
    public const int SchemaVersion = 1;

    // Readable on a terminal: only what JSON itself demands is escaped. The file is never put inside HTML.
    internal static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string FileName => "summary.json";

    public void Write(RunData run, Stream output)
    {
        using (var writer = new Utf8JsonWriter(output, Readable)) JsonSerializer.Serialize(writer, Summarise(run), ReportJson.Default.SummaryDocument);
        output.WriteByte((byte)'\n');
    }

    private static SummaryDocument Summarise(RunData run)
    {
        var v = run.Verdict;
        var counts = Enum.GetValues<Outcome>().ToDictionary(Words.Of, o => v.Experiments.Count(e => e.Outcome == o));
        counts["skipped"] = v.Skipped.Count;
        return new SummaryDocument(SchemaVersion, v.Run, v.Outcome, run.End?.ExitCode, run.End is not null, run.Killed, v.Seed, v.Command,
            run.Start?.Tool, run.Start?.At, counts, [.. run.Experiments.Select(Experiment)], v.Skipped, run.Problems);
    }

    private static ExperimentSummary Experiment(ExperimentData experiment)
    {
        var v = experiment.Verdict;
        var series = DeliverySeries.From(experiment);
        return new ExperimentSummary(v.Id, v.Title, v.Checklist, v.Mutant, v.Seed, v.Outcome, v.Sentence, Finite(v.Seconds),
            Deciding.Of(v) is { } d ? new DecidingSummary(d.Result.Id, d.Measure is { } m ? Of(m) : null) : null,
            [.. v.SteadyBefore.Select(Of)], [.. v.Expectations.Select(Of)], [.. v.SteadyAfter.Select(Of)],
            [.. FaultProof.From(experiment).Select(f => new FaultSummary(f.Fault, f.Type, f.Link, f.Occurrences, f.SecondsOn, f.Hits, f.Connections, f.Items, f.Ended))],
            series.Messages == 0 ? null : new DeliverySummary(series.Messages, series.P50Ms, series.P95Ms, series.P99Ms, series.MaxMs),
            [.. OverheadRow.From(experiment).Select(o => new OverheadSummary(o.Link, o.Items, Finite(o.MedianP50Us), Finite(o.MedianP99Us), Finite(o.WorstP99Us)))]);
    }

    private static ResultSummary Of(ExpectationResult r) => new(r.Id, r.Check, r.Outcome, r.Statistic, r.Sentence, [.. r.Measures.Select(Of)]);

    private static MeasureSummary Of(Measure m) =>
        new(m.Name, Finite(m.Value), m.Comparison, Finite(m.Threshold), m.Unit, m.Sample, m.Ok, Finite(m.Low), Finite(m.High));

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
