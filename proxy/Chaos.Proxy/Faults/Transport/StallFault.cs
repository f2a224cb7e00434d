namespace Chaos.Proxy.Faults;

/// <summary>The proxy stops reading, so the sender's window fills.</summary>
internal sealed record StallFault : ItemFault
{
    public static readonly FaultKind Kind = new("stall",
        "The proxy stops reading: buffers and the sender's TCP window fill, and the sender's writes block. Nothing is lost; all of it goes on when the fault is removed. What the proxy had read already is held, too.",
        Tcp: true, WebSocket: true, [],
        (_, _) => new StallFault());

    public override bool Stalls => true;

    public override Decision Decide(StreamKey key, long item) => new(FaultAction.Stalled, 0);
}
