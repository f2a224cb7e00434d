using System.Globalization;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>Reads the Prometheus text exposition format as far as counters and gauges need it.</summary>
public static class PrometheusText
{
    /// <summary>Samples by name with their labels, as written, without time stamps. Labels that OpenTelemetry adds about itself are left out.</summary>
    /// <param name="text">Body of a /metrics answer.</param>
    /// <param name="prefix">Only metrics whose name begins with this.</param>
    public static IReadOnlyDictionary<string, double> Parse(string text, string prefix)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (!line.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var labelsEnd = line.LastIndexOf('}');
            var keyEnd = labelsEnd >= 0 ? labelsEnd + 1 : line.IndexOf(' ', StringComparison.Ordinal);
            if (keyEnd <= 0) continue;
            var number = line[keyEnd..].Trim().Split(' ')[0];
            if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                values[WithoutScope(line[..keyEnd])] = value;
        }

        return values;
    }

    private static string WithoutScope(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        if (open < 0) return key;
        var labels = key[(open + 1)..^1].Split(',').Where(l => l.Length > 0 && !l.StartsWith("otel_scope_", StringComparison.Ordinal)).ToArray();
        return labels.Length == 0 ? key[..open] : $"{key[..open]}{{{string.Join(',', labels)}}}";
    }
}
