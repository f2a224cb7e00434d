using System.Globalization;
using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Text;

/// <summary>How figures and verdicts are written, the same in every format and in the terminal.</summary>
public static class Words
{
    /// <summary>An outcome as it is spelt everywhere: <c>baseline-not-met</c>.</summary>
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.ProbeError => "probe-error",
        Outcome.BaselineNotMet => "baseline-not-met",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    /// <summary>An expectation's outcome: <c>met</c>, <c>broken</c>, <c>inconclusive</c>, <c>error</c>.</summary>
    public static string Of(ExpectationOutcome outcome) => outcome.ToString().ToLowerInvariant();

    /// <summary>A figure with three significant digits (whole numbers in full) and no exponent; "–" for what is no number.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value)) return "–";
        if (double.IsInfinity(value)) return value > 0 ? "unbounded" : "−unbounded";
        if (Math.Abs(value) < 1e15 && Math.Abs(value - Math.Round(value)) < 1e-9) return Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        var format = size >= 1000 ? "#,0" : size >= 100 ? "0" : size >= 10 ? "0.#" : size >= 1 ? "0.##" : size >= 0.1 ? "0.###" : size >= 0.001 ? "0.#####" : "0.###e0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A figure with its unit: "212 ms", "97.2 %", "1.08×".</summary>
    public static string Number(double value, string unit)
    {
        var number = Number(value);
        return unit.Length == 0 || number is "–" or "unbounded" ? number : unit is "×" ? number + unit : $"{number} {unit}";
    }

    /// <summary>What a figure is held against: "≤ 250 ms".</summary>
    public static string Bound(Measure measure) => $"{measure.Comparison} {Number(measure.Threshold, measure.Unit)}";

    /// <summary>A figure beside its threshold: "p99 212 ms ≤ 250 ms". A broken one is written the same; the verdict beside it says so.</summary>
    public static string Compared(Measure measure) => $"{measure.Name} {Number(measure.Value, measure.Unit)}, must be {Bound(measure)}";

    /// <summary>Its interval, "190–231 ms"; null where none was computed.</summary>
    public static string? Interval(Measure measure) => measure is { Low: { } low, High: { } high } && !double.IsNaN(low) && !double.IsNaN(high)
        ? $"{Number(low)} – {Number(high, measure.Unit)}" : null;

    /// <summary>Seconds as "8.4 s" or "3 min 20 s".</summary>
    public static string Seconds(double seconds) => seconds < 100
        ? Invariant($"{seconds:0.0} s") : Invariant($"{Math.Floor(seconds / 60):0} min {Math.Floor(seconds % 60):0} s");

    /// <summary>A count with its noun, "1 client", "300 clients".</summary>
    public static string Count(long count, string noun) => Invariant($"{count:#,0} {noun}{(count == 1 ? "" : "s")}");

    internal static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
