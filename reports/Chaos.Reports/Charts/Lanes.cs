using Chaos.Reports.Data;
using Chaos.Reports.Html;

namespace Chaos.Reports.Charts;

/// <summary>
/// The strips above a chart: one with the phases, then one a fault with its name beside its bars. Each has a row to itself, so
/// labels cannot run into one another.
/// </summary>
internal sealed record Lanes(IReadOnlyList<IGrouping<string, FaultBand>> Faults, int Hidden, bool Phases)
{
    private const int PhaseHeight = 16;
    private const int FaultHeight = 17;
    private const int Most = 6;
    private const double Letter = 6.8;

    public int Height => (Phases ? PhaseHeight : 0) + (FaultHeight * (Faults.Count + (Hidden > 0 ? 1 : 0)));

    public static Lanes Of(Chart chart)
    {
        var faults = chart.Faults.GroupBy(f => f.Fault, StringComparer.Ordinal).ToList();
        var shown = faults.Count > Most ? Most - 1 : faults.Count;
        return new Lanes([.. faults.Take(shown)], faults.Count - shown, chart.Phases.Count > 0);
    }

    public Markup Draw(Drawing.Frame frame)
    {
        var y = 18.0;
        var parts = new List<Markup>();
        if (Phases)
        {
            parts.Add(Markup.Join(frame.Chart.Phases, p => Phase(frame, p, y + 11)));
            y += PhaseHeight;
        }

        foreach (var fault in Faults)
        {
            parts.Add(Fault(frame, fault, y));
            y += FaultHeight;
        }

        if (Hidden > 0) parts.Add(Markup.Of($"""<text class="fault" x="{Drawing.Frame.Start}" y="{y + 12:0.#}">and {Hidden} more</text>"""));
        return Markup.Join(parts);
    }

    private static Markup Phase(Drawing.Frame frame, Stretch phase, double y)
    {
        var (from, to) = (frame.X(phase.From), frame.X(phase.To));
        return to - from < (phase.Name.Length * Letter) + 4
            ? Markup.Empty
            : Markup.Of($"""<text class="phase" x="{from + 3:0.#}" y="{y:0.#}">{phase.Name}</text>""");
    }

    private static Markup Fault(Drawing.Frame frame, IGrouping<string, FaultBand> fault, double y)
    {
        var bars = Markup.Join(fault.Select(b => (From: frame.X(b.From), To: frame.X(b.To))), b => Markup.Of(
            $"""<rect class="fault" rx="2" x="{b.From:0.#}" y="{y + 5:0.#}" width="{Math.Max(2, b.To - b.From):0.#}" height="7"/>"""));
        var (first, last) = (frame.X(fault.Min(b => b.From)), frame.X(fault.Max(b => b.To)));
        var (text, x) = Place(Labels(fault), first, last, frame);
        var width = text.Length * Letter;
        var over = x < last && x + width > first;
        var backing = over ? Markup.Of($"""<rect class="backing" rx="2" x="{x:0.#}" y="{y + 1:0.#}" width="{width:0.#}" height="15"/>""") : Markup.Empty;
        // Centred within the room it was given: the width of its letters is an estimate.
        return over
            ? Markup.Of($"""{bars}{backing}<text class="fault" text-anchor="middle" x="{x + (width / 2):0.#}" y="{y + 12:0.#}">{text}</text>""")
            : Markup.Of($"""{bars}<text class="fault"{(x < first ? new Markup(" text-anchor=\"end\"") : Markup.Empty)} x="{(x < first ? x + width : x):0.#}" y="{y + 12:0.#}">{text}</text>""");
    }

    // The longest label that fits after the bars, before them, or in their middle with something of them left on both sides.
    private static (string Text, double X) Place(string[] labels, double first, double last, Drawing.Frame frame)
    {
        var end = Drawing.Frame.Start + frame.Width;
        foreach (var text in labels)
        {
            var width = text.Length * Letter;
            if (last + 6 + width <= end) return (text, last + 6);
            if (first - 6 - width >= Drawing.Frame.Start) return (text, first - 6 - width);
            if (last - first >= width + 60) return (text, ((first + last) / 2) - (width / 2));
        }

        var room = Math.Max(3, (int)(frame.Width / Letter) - 2);
        var cut = labels[^1].Length <= room ? labels[^1] : labels[^1][..(room - 1)] + "…";
        return (cut, Drawing.Frame.Start + ((frame.Width - (cut.Length * Letter)) / 2));
    }

    private static string[] Labels(IGrouping<string, FaultBand> fault)
    {
        var first = fault.First();
        var times = fault.Count() > 1 ? $" ×{fault.Count()}" : "";
        return [$"{fault.Key}{times}: {first.Type} on {first.Link}", $"{fault.Key}{times}: {first.Type}", $"{fault.Key}{times}"];
    }
}
