using Chaos.Client.Randomness;

namespace Chaos.Load.Feeds;

/// <summary>Who publishes to which channel.</summary>
internal sealed record FeedLine(string Publisher, string Channel);

/// <summary>A message of the feed: of which line, its counter from 1, and when it is due (microseconds since the epoch).</summary>
internal readonly record struct DueMessage(int Line, long N, long DueUs);

/// <summary>
/// When each message is due. Every line publishes with the same period, lines × 1/rate, from a seeded phase of its own, so the
/// order of the lines repeats and the n-th message of a line has a due time that follows from its counter alone.
/// </summary>
internal sealed class FeedSchedule
{
    private readonly long _startUs;
    private readonly double _periodUs;
    private readonly double[] _phaseUs;
    private readonly int[] _order;

    /// <param name="lines">The lines, at least one.</param>
    /// <param name="ratePerSecond">Messages a second of all lines together.</param>
    /// <param name="seed">Seed of the phases.</param>
    /// <param name="startUs">Start of the first period.</param>
    public FeedSchedule(IReadOnlyList<FeedLine> lines, double ratePerSecond, long seed, long startUs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lines.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ratePerSecond);
        _startUs = startUs;
        _periodUs = lines.Count * 1_000_000.0 / ratePerSecond;
        _phaseUs = [.. lines.Select(line => SeedTree.Stream(seed, "feed", line.Publisher, line.Channel).NextDouble() * _periodUs)];
        _order = [.. Enumerable.Range(0, lines.Count).OrderBy(line => _phaseUs[line])];
    }

    /// <summary>The <paramref name="index"/>-th message of all, from 0; their due times never fall.</summary>
    public DueMessage this[long index]
    {
        get
        {
            var line = _order[index % _order.Length];
            var n = (index / _order.Length) + 1;
            return new DueMessage(line, n, DueUs(line, n));
        }
    }

    /// <summary>When the <paramref name="n"/>-th message of a line is due.</summary>
    public long DueUs(int line, long n) => _startUs + (long)(_phaseUs[line] + ((n - 1) * _periodUs));
}
