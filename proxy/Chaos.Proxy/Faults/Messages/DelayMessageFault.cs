namespace Chaos.Proxy.Faults;

/// <summary>Delays the messages that match.</summary>
internal sealed record DelayMessageFault(Delay Delay, bool Reorder) : MessageFault
{
    public static readonly FaultKind Kind = new("ws_delay",
        "Delays whole messages: those that its target matches. A later message waits behind a delayed one, unless reorder lets it overtake.",
        Tcp: false, WebSocket: true,
        [.. Delay.Attributes, new("reorder", AttributeKind.Boolean, "Later messages may overtake a delayed one.", false), .. DeflateAttributes],
        (values, errors) => new DelayMessageFault(Delay.Read(values, errors), values.Flag("reorder"))
        {
            // In order, a delay does no harm to compression.
            Deflate = values.Flag("reorder") ? DeflatePolicy.Read(values) : null,
        });

    public override MessageDecision Decide(StreamKey key, long message) => new(FaultAction.Delayed, Delay.DrawUs(key, message), MayBeOvertaken: Reorder);
}
