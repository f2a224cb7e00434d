namespace Chaos.Live.Fold;

/// <summary>How moments of an experiment fall into its seconds, and what counts as "the last seconds".</summary>
/// <param name="startUs">When the experiment began.</param>
internal sealed class Seconds(long startUs)
{
    /// <summary>Length of the window behind figures such as rates and percentiles.</summary>
    public const int Window = 5;

    /// <summary>Seconds that are kept, an hour: what comes later is counted into the last.</summary>
    public const int Most = 3600;

    /// <summary>The second of a moment, from 0.</summary>
    public int Of(long atUs) => (int)Math.Clamp((atUs - startUs) / 1_000_000, 0, Most - 1);

    /// <summary>When the first second begins, in microseconds since the Unix epoch.</summary>
    public long StartUs => startUs;

    /// <summary>How many moments fall into each second, by its beginning.</summary>
    public IEnumerable<(long AtUs, int Times)> Counted(IEnumerable<long> moments) =>
        moments.CountBy(Of).OrderBy(c => c.Key).Select(c => (startUs + (c.Key * 1_000_000L), c.Value));
}

/// <summary>How often something happened: in each second, in the last seconds, and in all.</summary>
internal sealed class Count(Seconds seconds)
{
    private readonly List<int> _bySecond = [];
    // By time, not by arrival: lines of several clients, and those of a simulation, are not in order.
    private readonly PriorityQueue<int, long> _recent = new();
    private int _inWindow;

    /// <summary>In all.</summary>
    public long Total { get; private set; }

    public void Add(long atUs, int times = 1)
    {
        Total += times;
        _inWindow += times;
        _recent.Enqueue(times, atUs);
        var second = seconds.Of(atUs);
        while (_bySecond.Count <= second) _bySecond.Add(0);
        _bySecond[second] += times;
    }

    /// <summary>In the window that ends now.</summary>
    public int Recent(long nowUs)
    {
        while (_recent.TryPeek(out _, out var oldest) && oldest <= nowUs - (Seconds.Window * 1_000_000L)) _inWindow -= _recent.Dequeue();
        return _inWindow;
    }

    /// <summary>Events a second in the window that ends now; in a shorter one while the experiment is younger than it.</summary>
    public double PerSecond(long nowUs) => Recent(nowUs) / Math.Clamp((nowUs - seconds.StartUs) / 1e6, 1, Seconds.Window);

    /// <summary>Second by second, up to now.</summary>
    public IReadOnlyList<int> Series(long nowUs) => [.. Enumerable.Range(0, seconds.Of(nowUs) + 1).Select(s => s < _bySecond.Count ? _bySecond[s] : 0)];
}
