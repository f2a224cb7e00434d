using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>Bytes vanish while the socket stays open: no FIN, no RST, no error.</summary>
internal sealed record BlackholeFault : ItemFault
{
    public static readonly FaultKind Kind = new("blackhole",
        "Bytes vanish and are acknowledged; the end of the stream is swallowed as well, so the peer sees an open, silent connection. On a WebSocket link the handshake still passes. A connection that lost bytes is reset when the fault is removed, as no TCP stream goes on with a hole in it.",
        Tcp: true, WebSocket: true, [],
        (_, _) => new BlackholeFault());

    public override bool Swallows => true;

    public override Decision Decide(StreamKey key, long item) => Decision.Swallow;

    public override void OnRemoved(LinkConnection connection, ActiveFault fault)
    {
        if (connection.HasHole(fault)) connection.Cut(fault, FaultAction.Reset, 0);
    }
}
