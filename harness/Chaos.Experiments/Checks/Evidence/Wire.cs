using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>What the proxy saw of one client on one link, in order of time.</summary>
/// <param name="Handshakes">By arrival.</param>
/// <param name="Closed">By connection.</param>
/// <param name="Opened">By connection: when the proxy accepted it.</param>
internal sealed record ClientWire(string Client, List<LedgerHandshake> Handshakes, Dictionary<long, LedgerClosed> Closed, Dictionary<long, long> Opened)
{
    /// <summary>When the client first showed up on a connection later than <paramref name="conn"/>, or null.</summary>
    public long? NextAfter(long conn) =>
        Handshakes.Where(h => h.Conn > conn).Select(h => (long?)h.ArrivedAt)
            .Concat(Opened.Where(o => o.Key > conn).Select(o => (long?)o.Value)).Min();
}

/// <summary>The ledger of one link, by client of the fleet.</summary>
internal sealed class Wire
{
    private readonly Dictionary<string, ClientWire> _clients = [];
    private readonly Dictionary<long, string> _owners = [];

    private Wire()
    {
    }

    /// <summary>Every client that showed up.</summary>
    public IReadOnlyCollection<ClientWire> Clients => _clients.Values;

    /// <summary>Reads the ledger of a link.</summary>
    public static Wire Of(IReadOnlyList<JournalEvent> events, string link)
    {
        var wire = new Wire();
        foreach (var entry in events)
        {
            switch (entry)
            {
                case LedgerOpened e when e.Link == link && wire.For(e.Labels?.GetValueOrDefault("client"), e.Conn) is { } client:
                    client.Opened[e.Conn] = e.At;
                    break;
                case LedgerHandshake e when e.Link == link && wire.For(e.Client, e.Conn) is { } client:
                    client.Handshakes.Add(e);
                    break;
                case LedgerClosed e when e.Link == link && wire.For(e.Client, e.Conn) is { } client:
                    client.Closed[e.Conn] = e;
                    break;
            }
        }

        foreach (var client in wire._clients.Values) client.Handshakes.Sort((a, b) => a.ArrivedAt.CompareTo(b.ArrivedAt));
        return wire;
    }

    /// <summary>The client on a connection, if it is one of the fleet.</summary>
    public ClientWire? Owner(long conn) => _owners.TryGetValue(conn, out var name) ? _clients[name] : null;

    private ClientWire? For(string? client, long conn)
    {
        client ??= _owners.GetValueOrDefault(conn);
        if (!Fleets.IsClient(client)) return null;
        _owners[conn] = client!;
        if (_clients.TryGetValue(client!, out var known)) return known;
        return _clients[client!] = new ClientWire(client!, [], [], []);
    }
}
