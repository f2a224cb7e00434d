using System.Text;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>
/// Where the random decisions of one fault on one direction of one connection come from. A decision is a function of
/// (seed, fault, connection, direction, item), never of the order in which threads ran or of other faults.
/// </summary>
internal readonly record struct StreamKey(ulong Root)
{
    /// <summary>The key for (seed, fault, connection, direction).</summary>
    public static StreamKey For(long seed, string fault, long connection, Direction direction) =>
        new(Combine(Combine(OfFault(seed, fault), (ulong)connection), direction == Direction.Upstream ? 1UL : 2UL));

    /// <summary>The random numbers of one item.</summary>
    public RandomStream At(long item) => new(Combine(Root, (ulong)item));

    /// <summary>
    /// The share in [0, 1) that a connection drew for a fault. The fault takes hold where it is below the toxicity, so
    /// raising the toxicity only ever adds connections.
    /// </summary>
    public static double Roll(long seed, string fault, long connection) =>
        new RandomStream(Combine(Combine(OfFault(seed, fault), (ulong)connection), 0)).NextUnit();

    private static ulong OfFault(long seed, string fault) => Combine(RandomStream.Mix((ulong)seed + 0x9E3779B97F4A7C15), HashName(fault));

    private static ulong Combine(ulong a, ulong b) => RandomStream.Mix(a ^ (RandomStream.Mix(b + 0x9E3779B97F4A7C15) + (a << 6) + (a >> 2)));

    // FNV-1a: string.GetHashCode differs from process to process.
    private static ulong HashName(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}
