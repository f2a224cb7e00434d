namespace Chaos.Proxy.Faults;

/// <summary>Alters messages.</summary>
internal sealed record CorruptMessageFault(double Rate, double Correlation) : MessageFault
{
    public static readonly FaultKind Kind = new("ws_corrupt",
        "Alters one bit of the payload of a message; headers, masks and lengths stay right. In text that can make invalid UTF-8 or invalid JSON, or a wrong value.",
        Tcp: false, WebSocket: true,
        [
            .. MessageRate.Attributes,
            .. DeflateAttributes,
        ],
        (values, _) => new CorruptMessageFault(values.Number("rate"), values.Number("correlation")) { Deflate = DeflatePolicy.Read(values) });

    public override MessageDecision Decide(StreamKey key, long message) =>
        MessageRate.Hits(key, message, Rate, Correlation) ? new MessageDecision(FaultAction.Corrupted, Bits: MessageRate.Bits(key, message)) : default;
}
