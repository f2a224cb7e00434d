using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>Control frames of one link by connection, as they reached the proxy. Times are microseconds since the epoch, in order.</summary>
internal sealed class ControlFrames
{
    private static readonly IReadOnlyList<long> None = [];

    private readonly Dictionary<(long Conn, string Stream, string Frame), List<long>> _frames = [];

    /// <summary>Reads the ledger of a link.</summary>
    public ControlFrames(IReadOnlyList<JournalEvent> events, string link)
    {
        foreach (var frame in events.OfType<LedgerControl>().Where(f => f.Link == link))
        {
            var key = (frame.Conn, frame.Stream, frame.Frame);
            if (!_frames.TryGetValue(key, out var times)) _frames.Add(key, times = []);
            times.Add(frame.At);
        }
    }

    /// <summary>Connections with such a frame.</summary>
    /// <param name="stream">"upstream" or "downstream".</param>
    /// <param name="frame">"ping", "pong" or "close".</param>
    public IEnumerable<long> Connections(string stream, string frame) => _frames.Keys.Where(k => k.Stream == stream && k.Frame == frame).Select(k => k.Conn);

    /// <summary>When such frames came on a connection.</summary>
    public IReadOnlyList<long> Of(long conn, string stream, string frame) => _frames.TryGetValue((conn, stream, frame), out var times) ? times : None;

    /// <summary>The first of them at a moment or after it; null when none came.</summary>
    public long? First(long conn, string stream, string frame, long from)
    {
        foreach (var at in Of(conn, stream, frame))
            if (at >= from) return at;
        return null;
    }
}
