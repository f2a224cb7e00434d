namespace Chaos.Proxy.Faults;

/// <summary>Cuts messages short.</summary>
internal sealed record TruncateMessageFault(double Rate, double Correlation, double Keep) : MessageFault
{
    public static readonly FaultKind Kind = new("ws_truncate",
        "Cuts the payload of a message short; the frame is well-formed, its content is not.",
        Tcp: false, WebSocket: true,
        [
            .. MessageRate.Attributes,
            new("keep", AttributeKind.Number, "Share of the payload that is kept.", 0.5, 0, 1),
            .. DeflateAttributes,
        ],
        (values, _) => new TruncateMessageFault(values.Number("rate"), values.Number("correlation"), values.Number("keep")) { Deflate = DeflatePolicy.Read(values) });

    public override MessageDecision Decide(StreamKey key, long message) =>
        MessageRate.Hits(key, message, Rate, Correlation) ? new MessageDecision(FaultAction.Truncated, Bits: BitConverter.DoubleToUInt64Bits(Keep)) : default;
}
