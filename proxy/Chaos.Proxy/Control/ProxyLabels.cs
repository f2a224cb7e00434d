using System.Collections;

namespace Chaos.Proxy.Control;

/// <summary>Labels of a proxy. Two sets are equal where they hold the same.</summary>
internal sealed class ProxyLabels(IReadOnlyDictionary<string, string> labels) : IReadOnlyCollection<KeyValuePair<string, string>>, IEquatable<ProxyLabels>
{
    public static readonly ProxyLabels None = new(new Dictionary<string, string>());

    public int Count => labels.Count;

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => labels.GetEnumerator();

    public bool Equals(ProxyLabels? other) => other is not null && Count == other.Count && labels.All(label => other.Has(label.Key, label.Value));

    public override bool Equals(object? obj) => Equals(obj as ProxyLabels);

    public override int GetHashCode() => labels.Aggregate(0, (hash, label) => hash ^ HashCode.Combine(label.Key, label.Value));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool Has(string name, string value) => labels.TryGetValue(name, out var found) && found == value;
}
