using System.Diagnostics;

namespace Chaos.Proxy.Links;

/// <summary>Monotonic time in nanoseconds: what due times and measurements are counted in.</summary>
internal static class Monotonic
{
    private static readonly double NsPerTick = 1e9 / Stopwatch.Frequency;

    public static long NowNs => Stopwatch.Frequency == 1_000_000_000 ? Stopwatch.GetTimestamp() : (long)(Stopwatch.GetTimestamp() * NsPerTick);
}
