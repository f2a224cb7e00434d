using System.Globalization;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Output;

/// <summary>How figures are written.</summary>
internal static class Figures
{
    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Micros(double value) => value.ToString(value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

    public static string Ratio(Spread ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio.Median:F3} ({ratio.Min:F3}..{ratio.Max:F3})");

    public static string Size(long bytes) => bytes % 1024 == 0 ? $"{bytes / 1024} KiB" : $"{bytes} B";

    public static string Kilobytes(Spread bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes.Median / 1e3:F1} ({bytes.Min / 1e3:F1}..{bytes.Max / 1e3:F1})");

    public static string Megabytes(double bytes) => (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture);
}
