using Chaos.Reports.Data;

namespace Chaos.Reports.Html;

/// <summary>What is wrong with the journal, if anything is.</summary>
internal static class JournalNotes
{
    private const int Most = 50;

    public static Markup Render(RunData run)
    {
        if (run.Problems.Count == 0) return Markup.Empty;
        var more = run.Problems.Count > Most ? Markup.Of($"<li>and {run.Problems.Count - Most} more</li>") : Markup.Empty;
        return Markup.Of($"""<section><h2>Problems of the journal</h2><ul class="incidents">{Markup.Join(run.Problems.Take(Most), p => Markup.Of($"<li>{p}</li>"))}{more}</ul></section>""");
    }
}
