using Chaos.Reports.Text;
using Chaos.Reports.Trend;
using Spectre.Console;

namespace Chaos.Cli.Terminal;

/// <summary>What a night says beside the nights before it, in the terminal.</summary>
internal static class TrendTable
{
    public static void Print(NightlyTrend trend, string folder, string? kept)
    {
        if (trend.Worse.Any())
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("experiment", "number that got worse", "tonight", "level", "change", "flagged from", "threshold", "nights");
            foreach (var s in trend.Worse)
            {
                var (m, f) = (s.Last.Measure, s.Tonight!);
                table.AddRow(new Text(s.Key.Experiment), new Text($"{s.Key.Expectation}: {s.Key.Measure}"), new Text(TrendWords.Number(m), new Style(Color.Yellow)), new Text(Words.Number(f.Level, m.Unit)),
                    new Text(FormattableString.Invariant($"{f.Change * 100:+0.#;-0.#} %")), new Text(Words.Number(f.Limit, m.Unit)), new Text(TrendWords.Bound(m)), new Text($"{f.Nights}"));
            }

            Screen.Write(table);
        }

        foreach (var flaky in trend.Flaky) Screen.Write(new Text($"flaky: {flaky.Id} {TrendWords.Sentence(flaky)}\n", new Style(Color.Yellow)));
        foreach (var problem in trend.Problems) Screen.Write(new Text($"history: {problem}\n", new Style(Color.Yellow)));
        Console.Out.WriteLine($"{TrendWords.Headline(trend)} {Words.Count(trend.Tested, "number")} compared with {Words.Count(trend.Nights.Count - 1, "night")} before.");
        if (kept is not null) Console.Out.WriteLine($"Kept: {kept}");
        Console.Out.WriteLine($"Trend: {Path.Combine(folder, "trend.html")}");
    }
}
