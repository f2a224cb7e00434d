using System.Globalization;

namespace Chaos.Proxy.Faults;

/// <summary>Delays that were measured somewhere, to draw from: the empirical distribution of a file.</summary>
internal sealed class DelayTrace
{
    public const string Distribution = "trace";

    // A longer file is a mistake, or an attempt on the memory of the proxy.
    private const long MaxFileBytes = 16 * 1024 * 1024;

    private readonly double[] _sorted;

    private DelayTrace(double[] sorted) => _sorted = sorted;

    /// <summary>Reads a file; adds an error, and gives null, where it cannot be used.</summary>
    public static DelayTrace? Read(string path, List<string> errors)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes) return Fail(errors, $"trace file {path} is larger than 16 MiB");
            var delays = new List<double>();
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                var text = line.Trim();
                if (text.Length == 0 || text[0] == '#') continue;
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var delay) || delay is < 0 or > AttributeSpec.DayMs or double.NaN)
                    return Fail(errors, $"trace file {path}, line {number}: must be a number of milliseconds from 0 to a day");
                delays.Add(delay);
            }
            if (delays.Count == 0) return Fail(errors, $"trace file {path} has no delays");
            delays.Sort();
            return new DelayTrace([.. delays]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Fail(errors, $"trace file {path}: {e.Message}");
        }
    }

    /// <summary>The delay in milliseconds at a quantile in (0, 1).</summary>
    public double At(double unit) => _sorted[(int)(unit * _sorted.Length)];

    private static DelayTrace? Fail(List<string> errors, string error)
    {
        errors.Add(error);
        return null;
    }
}
