using Chaos.Reports.Data;

namespace Chaos.Reports.Charts;

/// <summary>A line or a filled step of a chart.</summary>
/// <param name="Css">Name of its colour in the style sheet, such as <c>p99</c>.</param>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Runs">Points; one list for each stretch without a hole.</param>
internal sealed record Line(string Css, string Name, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Runs, bool Step = false, bool Filled = false, double Width = 2)
{
    /// <summary>Diameter of the dot on each point, in pixels; 0 for none (a point that stands alone has one all the same).</summary>
    public double Dots { get; init; }
}

/// <summary>A horizontal dashed line over part of the chart, with words.</summary>
internal sealed record Mark(double From, double To, double Y, string Text);

/// <summary>What a chart shows: data only, no drawing.</summary>
/// <param name="Label">What it shows, for readers that do not see it.</param>
/// <param name="YLabel">What is on the vertical axis, with its unit.</param>
internal sealed record Chart(string Label, string YLabel, double XMin, double XMax, Axis Y, IReadOnlyList<Line> Lines)
{
    public IReadOnlyList<Stretch> Phases { get; init; } = [];

    public IReadOnlyList<FaultBand> Faults { get; init; } = [];

    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>Unit of the horizontal axis, written after its last figure.</summary>
    public string XUnit { get; init; } = "s";

    /// <summary>Where the horizontal axis has words, and which; null for round numbers.</summary>
    public IReadOnlyList<(double At, string Label)>? XTicks { get; init; }
}

/// <summary>Size of a rendition in CSS pixels.</summary>
internal sealed record Size(int Width, int Height);
