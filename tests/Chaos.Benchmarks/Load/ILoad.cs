using HdrHistogram;

namespace Chaos.Benchmarks.Load;

/// <summary>Clients of one peer.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>Works for a time, adds what was done in it to the tally, and comes to rest.</summary>
    void Play(TimeSpan time, Tally tally);
}

/// <summary>What was done while it was measured.</summary>
internal sealed class Tally
{
    private const long LongestNs = 60_000_000_000;

    /// <summary>Round trips, or whole connections, in nanoseconds; empty for bulk.</summary>
    public LongHistogram Times { get; } = CreateHistogram();

    /// <summary>Bytes that came back to clients.</summary>
    public long Bytes { get; set; }

    /// <summary>Processor time of the peer.</summary>
    public TimeSpan ProcessorTime { get; set; }

    /// <summary>A histogram of nanoseconds, three digits exact.</summary>
    public static LongHistogram CreateHistogram() => new(1, LongestNs, 3);
}
