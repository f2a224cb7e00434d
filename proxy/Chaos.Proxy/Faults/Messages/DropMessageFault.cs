namespace Chaos.Proxy.Faults;

/// <summary>Loses messages.</summary>
internal sealed record DropMessageFault(double Rate, double Correlation) : MessageFault
{
    public static readonly FaultKind Kind = new("ws_drop",
        "Loses whole messages, as a broken server or broker does. TCP never does that; see loss.",
        Tcp: false, WebSocket: true,
        [
            .. MessageRate.Attributes,
            .. DeflateAttributes,
        ],
        (values, _) => new DropMessageFault(values.Number("rate"), values.Number("correlation")) { Deflate = DeflatePolicy.Read(values) });

    public override MessageDecision Decide(StreamKey key, long message) =>
        MessageRate.Hits(key, message, Rate, Correlation) ? new MessageDecision(FaultAction.Dropped) : default;
}
