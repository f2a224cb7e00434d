using Chaos.Reports.Charts;

namespace Chaos.Reports.Html;

/// <summary>A chart with its heading, legend and a note in words, in one rendition for a wide screen and one for a phone.</summary>
internal sealed class Figures
{
    private int _next;

    public Markup Of(string heading, Chart? chart, string note, string whenEmpty, int height = 250)
    {
        if (chart is null || chart.XMax <= chart.XMin) return Markup.Of($"""<div class="figure"><h4>{heading}</h4><p class="empty">{whenEmpty}</p></div>""");
        var wide = Drawing.Draw(chart, new Size(920, height), $"c{_next++}-");
        var narrow = Drawing.Draw(chart, new Size(360, height + 20), $"c{_next++}-");
        return Markup.Of($"""
            <figure><figcaption><h4>{heading}</h4>{Legend(chart)}</figcaption>
            <div class="wide">{wide}</div><div class="narrow">{narrow}</div><p class="note">{note}</p></figure>

            """);
    }

    /// <summary>A small chart, one of several side by side.</summary>
    public Markup Small(string heading, Chart chart, string note) => Markup.Of($"""
        <figure class="small"><figcaption><h5>{heading}</h5></figcaption>{Drawing.Draw(chart, new Size(290, 170), $"c{_next++}-")}<p class="note">{note}</p></figure>

        """);

    public static Markup Legend(Chart chart) => Markup.Of($"""<span class="legend">{Markup.Join(chart.Lines, Key)}</span>""");

    private static Markup Key(Line line) => Markup.Of($"""<span><i style="background:var(--c-{line.Css})"></i>{line.Name}</span>""");
}
