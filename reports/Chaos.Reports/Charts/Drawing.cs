using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Chaos.Reports.Data;
using Chaos.Reports.Html;
using ScottPlot;

namespace Chaos.Reports.Charts;

/// <summary>
/// Draws a chart as SVG for a page. ScottPlot draws what has a shape: grid, bands, lines. Words are added here as plain SVG text, so
/// that they take the page's font and colours, stay sharp, and neither depend on the fonts of the machine nor are cut into glyphs.
/// Colours are classes of the style sheet: the same picture serves light and dark.
/// </summary>
internal static partial class Drawing
{
    private const int Left = 46;
    private const int Right = 14;
    private const int Bottom = 24;
    private const int TopBare = 20;

    public static Markup Draw(Chart chart, Size size, string id)
    {
        var lanes = Lanes.Of(chart);
        var top = TopBare + lanes.Height;
        var palette = new Palette();
        using var plot = new Plot();
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, top));
        plot.Axes.SetLimits(chart.XMin, chart.XMax, chart.Y.Min, chart.Y.Max);

        var xTicks = XTicks(chart, (size.Width - Left - Right) / 90);
        Quiet(plot.Axes.Bottom, [.. xTicks.Select(t => t.At)], palette);
        Quiet(plot.Axes.Left, [.. chart.Y.Ticks.Select(t => t.At)], palette);
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Grid.YAxisStyle.MajorLineStyle.Color = palette.Of("grid");
        plot.Grid.YAxisStyle.MajorLineStyle.Width = 1;

        foreach (var (from, to) in Shades(chart)) Shade(plot, from, to, palette);
        foreach (var phase in chart.Phases.Skip(1)) Vertical(plot, phase.From, palette);
        foreach (var mark in chart.Marks) Dash(plot, mark, chart.Y, palette);
        foreach (var line in chart.Lines) Add(plot, line, chart, palette);

        var svg = plot.GetSvgXml(size.Width, size.Height);
        var shapes = palette.Paint(Inner(svg, id));
        var frame = new Frame(chart, size, top);
        return Markup.Of($"""
            <svg viewBox="0 0 {size.Width} {size.Height}" width="{size.Width}" height="{size.Height}" role="img" aria-label="{chart.Label}">{new Markup(shapes)}{lanes.Draw(frame)}{Labels(frame, xTicks)}</svg>
            """);
    }

    // Words of the chart's own are thinned out to those there is room for, the last of them always among these.
    private static IReadOnlyList<(double At, string Label)> XTicks(Chart chart, int room)
    {
        if (chart.XTicks is { Count: > 0 } own)
        {
            var stride = (own.Count + room - 1) / Math.Max(1, room);
            return [.. own.Where((_, i) => (own.Count - 1 - i) % stride == 0)];
        }

        var ticks = Axis.Steps(chart.XMin, chart.XMax, Math.Max(2, room)).ToList();
        return [.. ticks.Select((t, i) => (t, Text.Words.Number(t) + (i == ticks.Count - 1 ? " " + chart.XUnit : "")))];
    }

    // Occurrences that touch or overlap become one shade: it says "a fault was on", the lanes say which.
    private static List<(double From, double To)> Shades(Chart chart)
    {
        var least = (chart.XMax - chart.XMin) / 500;
        var merged = new List<(double From, double To)>();
        foreach (var band in chart.Faults.OrderBy(f => f.From))
        {
            var to = Math.Max(band.To, band.From + least);
            if (merged.Count > 0 && band.From <= merged[^1].To) merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, to));
            else merged.Add((band.From, to));
        }

        return merged;
    }

    private static void Quiet(IAxis axis, IReadOnlyList<double> ticks, Palette palette)
    {
        axis.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. ticks], [.. ticks.Select(_ => "")]);
        axis.TickLabelStyle.IsVisible = false;
        axis.FrameLineStyle.Color = palette.Of("axis");
        axis.MajorTickStyle.Length = 0;
        axis.MinorTickStyle.Length = 0;
        axis.FrameLineStyle.Width = axis.Edge == Edge.Bottom ? 1 : 0;
    }

    private static void Shade(Plot plot, double from, double to, Palette palette)
    {
        var span = plot.Add.HorizontalSpan(from, to);
        span.FillStyle.Color = palette.Of("shade");
        span.LineStyle.Width = 0;
    }

    private static void Vertical(Plot plot, double x, Palette palette)
    {
        var line = plot.Add.VerticalLine(x);
        line.LineStyle.Color = palette.Of("phase");
        line.LineStyle.Width = 1;
    }

    private static void Dash(Plot plot, Mark mark, Axis y, Palette palette)
    {
        var line = plot.Add.Line(mark.From, y.Of(mark.Y), mark.To, y.Of(mark.Y));
        line.LineStyle.Color = palette.Of("mark");
        line.LineStyle.Width = 1.5f;
        line.LineStyle.Pattern = LinePattern.Dashed;
    }

    private static void Add(Plot plot, Line line, Chart chart, Palette palette)
    {
        foreach (var run in line.Runs.Where(r => r.Count > 0))
        {
            var xs = run.Select(p => p.X).ToArray();
            var ys = run.Select(p => chart.Y.Of(p.Y)).ToArray();
            var scatter = plot.Add.Scatter(xs, ys, palette.Of(line.Css));
            scatter.LineWidth = (float)line.Width;
            scatter.MarkerSize = line.Dots > 0 ? (float)line.Dots : run.Count == 1 ? 4 : 0;
            if (line.Step) scatter.ConnectStyle = ConnectStyle.StepHorizontal;
            if (!line.Filled) continue;
            scatter.FillY = true;
            scatter.FillYValue = chart.Y.Min;
            scatter.FillYColor = palette.Of(line.Css + "-fill");
        }
    }

    private static Markup Labels(Frame frame, IReadOnlyList<(double At, string Label)> xTicks)
    {
        var chart = frame.Chart;
        var y = frame.Size.Height - 8;
        var x = Markup.Join(xTicks, t => Markup.Of(
            $"""<text class="tick" text-anchor="middle" x="{frame.X(t.At):0.#}" y="{y}">{t.Label}</text>"""));
        var left = Markup.Join(chart.Y.Ticks, t => Markup.Of(
            $"""<text class="tick" text-anchor="end" x="{Left - 6}" y="{frame.Y(t.At) + 4:0.#}">{t.Label}</text>"""));
        var marks = Markup.Join(chart.Marks, m => Markup.Of(
            $"""<text class="mark" text-anchor="end" x="{Math.Max(Left + (m.Text.Length * 6), frame.X(m.To)) - 3:0.#}" y="{frame.Y(chart.Y.Of(m.Y)) - 4:0.#}">{m.Text}</text>"""));
        return Markup.Of($"""<text class="tick" x="2" y="12">{chart.YLabel}</text>{x}{left}{marks}""");
    }

    // What is inside ScottPlot's <svg>, with ids of its own, since a page holds many; rounded to what a screen can show.
    private static string Inner(string svg, string id)
    {
        var start = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        var body = svg[start..svg.LastIndexOf("</svg>", StringComparison.Ordinal)];
        body = Clips(body, id);
        body = LongDecimals().Replace(body, m => double.Parse(m.Value, CultureInfo.InvariantCulture).ToString("0.#", CultureInfo.InvariantCulture));
        return Space().Replace(body, "><");
    }

    // ScottPlot clips each thing by a rectangle of its own, numbered through the life of the process. One a shape is enough, and
    // numbers from 0 make the same chart the same text every time.
    private static string Clips(string body, string id)
    {
        var ofShape = new Dictionary<string, string>(StringComparer.Ordinal);
        var ofOld = new Dictionary<string, string>(StringComparer.Ordinal);
        body = ClipPath().Replace(body, m =>
        {
            var shape = m.Groups[2].Value.Trim();
            var isNew = !ofShape.TryGetValue(shape, out var name);
            if (isNew) ofShape[shape] = name = $"{id}{ofShape.Count}";
            ofOld[m.Groups[1].Value] = name!;
            return isNew ? $"<clipPath id=\"{name}\">{shape}</clipPath>" : "";
        });
        return ClipUse().Replace(body, m => $"url(#{ofOld[m.Groups[1].Value]})");
    }

    [GeneratedRegex("<clipPath id=\"([^\"]*)\">(.*?)</clipPath>", RegexOptions.Singleline)]
    private static partial Regex ClipPath();

    [GeneratedRegex(@"url\(#([^)]*)\)")]
    private static partial Regex ClipUse();

    [GeneratedRegex(@"\d+\.\d{2,}(?=[^""]*"")(?!\d)")]
    private static partial Regex LongDecimals();

    [GeneratedRegex(@">\s+<")]
    private static partial Regex Space();

    /// <summary>Where a chart's coordinates lie on the picture.</summary>
    internal sealed record Frame(Chart Chart, Size Size, int Top)
    {
        public double Width => Size.Width - Left - Right;

        public static double Start => Left;

        public double X(double x) => Left + ((x - Chart.XMin) / (Chart.XMax - Chart.XMin) * Width);

        public double Y(double coordinate) => Top + ((Chart.Y.Max - coordinate) / (Chart.Y.Max - Chart.Y.Min) * (Size.Height - Top - Bottom));
    }
}
