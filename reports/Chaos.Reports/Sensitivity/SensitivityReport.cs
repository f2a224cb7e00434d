using System.Globalization;
using System.Text;
using System.Text.Json;
using Chaos.Reports.Charts;
using Chaos.Reports.Html;
using Chaos.Reports.Json;
using Chaos.Reports.Text;

namespace Chaos.Reports.Sensitivity;

/// <summary>Writes the curves as sensitivity.html, sensitivity.json and sensitivity.csv.</summary>
public static class SensitivityReport
{
    /// <summary>First line of the CSV.</summary>
    public const string CsvHeader = "experiment,expectation,check,defect,unit,sample,size,repetitions,caught";

    /// <summary>Shares of the runs in the tables.</summary>
    private static readonly double[] Shares = [0.5, 0.95, 0.999];

    private static readonly Column[] Columns =
        [new("Experiment"), new("Expectation"), new("Defect"), new("Sample", true), new("Caught in half of the runs from", true), new("in 95 %", true), new("in 99.9 %", true)];

    /// <summary>Writes all three files into <paramref name="directory"/>, which is created if need be.</summary>
    /// <returns>Paths of the files written.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> WriteAll(SensitivityCurves curves, string directory)
    {
        Directory.CreateDirectory(directory);
        (string Name, string Content)[] files = [("sensitivity.html", Html(curves)), ("sensitivity.json", Json(curves)), ("sensitivity.csv", Csv(curves))];
        foreach (var (name, content) in files) File.WriteAllText(Path.Combine(directory, name), content);
        return [.. files.Select(f => Path.Combine(directory, f.Name))];
    }

    /// <summary>For programs: <c>schema_version</c>, seed, repetitions and curves, snake_case.</summary>
    public static string Json(SensitivityCurves curves)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonReport.Readable))
            JsonSerializer.Serialize(writer, new SensitivityDocument(JsonReport.SchemaVersion, curves.Seed, curves.Repetitions, curves.Curves), ReportJson.Default.SensitivityDocument);
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>One line for each size of each curve. No field holds a comma or a quote.</summary>
    public static string Csv(SensitivityCurves curves)
    {
        var text = new StringBuilder(CsvHeader).Append('\n');
        foreach (var curve in curves.Curves)
        {
            foreach (var point in curve.Points)
                text.Append(CultureInfo.InvariantCulture, $"{curve.Experiment},{curve.Expectation},{curve.Check},{curve.Defect},{curve.Unit},{curve.Sample},{point.Size},{curves.Repetitions},{point.Caught}\n");
        }

        return text.ToString();
    }

    /// <summary>A page of its own, without scripts, that needs nothing but itself.</summary>
    public static string Html(SensitivityCurves curves)
    {
        var figures = new Figures();
        return Page.Wrap("Chaos: sensitivity", Markup.Of($"""
            <header class="good"><p class="run">Chaos sensitivity</p><h1>How small a defect is still caught</h1>
            <p class="tally">The checks' own rules, at the samples that the run gave them, before {Words.Invariant($"{curves.Repetitions:#,0}")} simulated runs for each size of each defect (seed {curves.Seed.ToString(CultureInfo.InvariantCulture)}). Caught means that the alarm was raised; a verdict that is merely inconclusive is not counted.</p></header>
            <main>{Markup.Join(curves.Curves.GroupBy(c => c.Check), group => Section(group, curves.Repetitions, figures))}</main>
            """)).Text;
    }

    /// <summary>A size with its unit, or that none of those tried was large enough.</summary>
    public static string SizeText(SensitivityCurve curve, double share, int repetitions) => curve.CaughtFrom(share, repetitions) is { } size
        ? Words.Invariant($"{size:#,0.####} {curve.Unit}")
        : Words.Invariant($"more than {curve.Points[^1].Size:#,0.####} {curve.Unit}");

    private static Markup Section(IGrouping<string, SensitivityCurve> group, int repetitions, Figures figures) => Markup.Of($"""
        <section><h2>{group.Key}</h2>
        {Tables.Of(Columns, group.Select(c => Row(c, repetitions)))}
        <div class="multiples">{Markup.Join(group, c => figures.Small(c.Experiment, Chart(c, repetitions), $"{c.Expectation}: {c.Defect}"))}</div></section>

        """);

    private static IReadOnlyList<Markup> Row(SensitivityCurve curve, int repetitions) =>
    [
        Markup.Of($"<b>{curve.Experiment}</b>"), Markup.Encode(curve.Expectation), Markup.Encode(curve.Defect), Markup.Encode(Words.Invariant($"{curve.Sample:#,0}")),
        .. Shares.Select(s => Markup.Encode(SizeText(curve, s, repetitions))),
    ];

    private static Chart Chart(SensitivityCurve curve, int repetitions) => new($"Share of runs that catch: {curve.Defect}", "% of runs", 0, RoundUp(curve.Points[^1].Size),
        new Axis(0, 104, false, [(0, "0"), (50, "50"), (100, "100")]),
        [new Line("observed", "caught", [[.. curve.Points.Select(p => (p.Size, 100.0 * p.Caught / repetitions))]])])
    {
        XUnit = Short(curve.Unit),
    };

    // To 1, 2 or 5 times a power of ten, so that the last figure of the axis stands at its end.
    private static double RoundUp(double size)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(size, 1e-9))));
        return new[] { 1, 2, 5, 10 }.Select(m => m * power).First(rounded => rounded >= size * 0.999);
    }

    // Room for one word under a small chart; the table has the whole of it.
    private static string Short(string unit) => unit.Split(' ')[0] switch { "%" => "%", "ms" => "ms", "per" => "ppm", _ => "" };
}
