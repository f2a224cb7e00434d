using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Chaos.Proxy.Links;

/// <summary>What can be known of the WebSocket connections of a link from the wire alone, whatever is said on them.</summary>
/// <param name="roundTrip">Gets each round trip of a heartbeat.</param>
internal sealed class WireCounters(Action<TimeSpan>? roundTrip)
{
    /// <summary>Code that stands for an end without a close frame (RFC 6455, 7.4.1).</summary>
    public const int NoCloseFrame = 1006;

    // Names come from outside, and must not fill the memory.
    private const int MostClients = 100_000;

    private readonly ConcurrentDictionary<(int Status, string By), StrongBox<long>> _handshakes = [];
    private readonly ConcurrentDictionary<(int Code, string By), StrongBox<long>> _ends = [];
    private readonly HashSet<string> _clients = new(StringComparer.Ordinal);
    private long _reconnects;

    /// <summary>Answered handshakes by HTTP status, 0 where there was no answer, and by who answered.</summary>
    public IEnumerable<(int Status, string By, long Count)> Handshakes => _handshakes.Select(h => (h.Key.Status, h.Key.By, Interlocked.Read(ref h.Value.Value)));

    /// <summary>Ended connections by close code, and by who ended them.</summary>
    public IEnumerable<(int Code, string By, long Count)> Ends => _ends.Select(e => (e.Key.Code, e.Key.By, Interlocked.Read(ref e.Value.Value)));

    /// <summary>Connections of clients that had been connected before.</summary>
    public long Reconnects => Interlocked.Read(ref _reconnects);

    /// <summary>Clients that were connected, by the name that they told; at most 100,000 are told apart.</summary>
    public int Clients
    {
        get
        {
            lock (_clients) return _clients.Count;
        }
    }

    /// <summary>A handshake was answered.</summary>
    public void Handshake(string? client, int status, bool succeeded, string by)
    {
        Count(_handshakes, (status, by));
        if (!succeeded || client is null) return;
        lock (_clients)
        {
            if (_clients.Contains(client)) Interlocked.Increment(ref _reconnects);
            else if (_clients.Count < MostClients) _clients.Add(client);
        }
    }

    /// <summary>A connection ended that had been established.</summary>
    public void Ended(Ending ending) => Count(_ends, (ending.Code ?? NoCloseFrame, ending.By));

    /// <summary>A heartbeat's answer went on to the upstream.</summary>
    public void RoundTrip(TimeSpan time) => roundTrip?.Invoke(time);

    private static void Count<T>(ConcurrentDictionary<T, StrongBox<long>> counts, T of)
        where T : notnull => Interlocked.Increment(ref counts.GetOrAdd(of, static _ => new StrongBox<long>()).Value);
}
