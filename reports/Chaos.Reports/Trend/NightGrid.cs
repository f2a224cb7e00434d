using Chaos.Reports.Html;
using Chaos.Reports.Text;

namespace Chaos.Reports.Trend;

/// <summary>Outcome of every experiment on every night: a row an experiment, a column a night with tonight first (a phone shows few), a mark a cell.</summary>
internal static class NightGrid
{
    public static Markup Of(NightlyTrend trend)
    {
        var flaky = trend.Flaky.Select(f => f.Id).ToHashSet(StringComparer.Ordinal);
        var ids = trend.Nights.Reverse().SelectMany(n => n.Experiments.Select(e => e.Id).Concat(n.Skipped.Select(s => s.Id))).Distinct(StringComparer.Ordinal);
        return Markup.Of($"""
            <div class="scroll"><table class="grid"><thead><tr><th scope="col">Experiment</th>{Markup.Join(trend.Nights.Reverse(), Head)}</tr></thead><tbody>
            {Markup.Join(ids, id => Row(id, trend, flaky.Contains(id)))}</tbody></table></div>
            <p class="note">✓ passed, ✗ deviated, ? cannot be told, ! error, – not run. An outlined mark: a number got worse. A column is a night, the first is tonight.</p>
            """);
    }

    private static Markup Head(Night night) => Markup.Of($"""<th scope="col" title="{night.Run}, {night.Tool}">{night.StartedAt.UtcDateTime:dd}</th>""");

    private static Markup Row(string id, NightlyTrend trend, bool flaky) => Markup.Of($"""
        <tr><th scope="row">{(trend.Tonight.Find(id) is null ? Markup.Encode(id) : Markup.Of($"<a href=\"#x-{id}\">{id}</a>"))}{(flaky ? Markup.Of($" {Badges.Badge("unsure", "flaky")}") : Markup.Empty)}</th>{Markup.Join(trend.Nights.Select((night, i) => Cell(id, night, trend.Series.Any(s => s.Key.Experiment == id && s.Points.Any(p => p.Night == i && p.Worse)))).Reverse())}</tr>

        """);

    private static Markup Cell(string id, Night night, bool worse)
    {
        if (night.Find(id) is not { } e) return Markup.Of($"""<td class="skipped" title="{TrendWords.Day(night.StartedAt)}: not run">–</td>""");
        var tone = Badges.Tone(e.Outcome);
        return Markup.Of($"""<td class="{tone}{(worse ? " worse" : "")}" title="{TrendWords.Day(night.StartedAt)}: {Words.Of(e.Outcome)}{(worse ? ", a number got worse" : "")}">{Badges.Mark(tone)}</td>""");
    }
}
