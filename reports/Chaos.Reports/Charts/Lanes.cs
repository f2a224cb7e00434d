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
    private const double Letter = 6.3;

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
        var text = Label(fault, (int)((frame.Width - 8) / Letter));
        var width = text.Length * Letter;
        var (first, last) = (frame.X(fault.Min(b => b.From)), frame.X(fault.Max(b => b.To)));
        // Beside the bars where there is room, after them first; otherwise on a backing in the middle of them.
        var x = last + 6 + width <= Drawing.Frame.Start + frame.Width ? last + 6
            : first - 6 - width >= Drawing.Frame.Start ? first - 6 - width
            : Math.Max(Drawing.Frame.Start, Math.Min(((first + last) / 2) - (width / 2), Drawing.Frame.Start + frame.Width - width));
        var over = x < last && x + width > first;
        var backing = over ? Markup.Of($"""<rect class="backing" rx="2" x="{x - 3:0.#}" y="{y + 1:0.#}" width="{width + 6:0.#}" height="15"/>""") : Markup.Empty;
        return Markup.Of($"""{bars}{backing}<text class="fault" x="{x:0.#}" y="{y + 12:0.#}">{text}</text>""");
    }

    private static string Label(IGrouping<string, FaultBand> fault, int room)
    {
        var first = fault.First();
        var times = fault.Count() > 1 ? $" ×{fault.Count()}" : "";
        string[] choices = [$"{fault.Key}{times}: {first.Type} on {first.Link}", $"{fault.Key}{times}: {first.Type}", $"{fault.Key}{times}"];
        var fitting = choices.FirstOrDefault(c => c.Length <= room) ?? choices[^1];
        return fitting.Length <= room ? fitting : fitting[..Math.Max(1, room - 1)] + "…";
    }
}
