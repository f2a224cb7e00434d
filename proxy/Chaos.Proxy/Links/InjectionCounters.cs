using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Chaos.Proxy.Links;

/// <summary>How often faults of each type acted on a link.</summary>
internal sealed class InjectionCounters
{
    private readonly ConcurrentDictionary<string, StrongBox<long>> _counts = new(StringComparer.Ordinal);

    public void Count(string type) => Interlocked.Increment(ref _counts.GetOrAdd(type, static _ => new StrongBox<long>()).Value);

    public IEnumerable<(string Type, long Count)> Read() => _counts.Select(entry => (entry.Key, Interlocked.Read(ref entry.Value.Value)));
}
