using System.Text;

namespace Chaos.Experiments.Alerts.Expressions;

/// <summary>Labels of a series or an alert, in order of their names. Two with the same labels are equal.</summary>
internal sealed class LabelSet : IEquatable<LabelSet>
{
    private readonly SortedDictionary<string, string> _labels;

    public LabelSet(IEnumerable<KeyValuePair<string, string>> labels)
    {
        _labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        // An empty label is no label, as in Prometheus.
        foreach (var (name, value) in labels.Where(l => l.Value.Length > 0)) _labels[name] = value;
        Text = Write();
    }

    /// <summary>No labels.</summary>
    public static LabelSet Empty { get; } = new([]);

    /// <summary>In Prometheus' notation, <c>{instance="eu.gateway-1"}</c>; <c>{}</c> without any.</summary>
    public string Text { get; }

    /// <summary>The labels by name.</summary>
    public IReadOnlyDictionary<string, string> All => _labels;

    /// <summary>A label's value; empty where there is none.</summary>
    public string this[string name] => _labels.GetValueOrDefault(name, "");

    /// <summary>Only these labels.</summary>
    public LabelSet Only(IReadOnlyCollection<string> names) => new(_labels.Where(l => names.Contains(l.Key)));

    /// <summary>The same and one more.</summary>
    public LabelSet With(string name, string value) => new(_labels.Append(KeyValuePair.Create(name, value)));

    /// <summary>A text as a quoted value of Prometheus.</summary>
    public static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    /// <inheritdoc />
    public bool Equals(LabelSet? other) => other is not null && Text == other.Text;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc />
    public override string ToString() => Text;

    private string Write()
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in _labels) text.Append(text.Length > 1 ? "," : "").Append(name).Append('=').Append(Quoted(value));
        return text.Append('}').ToString();
    }
}
