namespace Chaos.Proxy.Faults;

/// <summary>Doubles messages.</summary>
internal sealed record DuplicateMessageFault(double Rate, double Correlation) : MessageFault
{
    public static readonly FaultKind Kind = new("ws_duplicate",
        "Delivers whole messages twice, one right after the other, as a broker that delivers at least once does.",
        Tcp: false, WebSocket: true,
        [
            .. MessageRate.Attributes,
            .. DeflateAttributes,
        ],
        (values, _) => new DuplicateMessageFault(values.Number("rate"), values.Number("correlation")) { Deflate = DeflatePolicy.Read(values) });

    public override MessageDecision Decide(StreamKey key, long message) =>
        MessageRate.Hits(key, message, Rate, Correlation) ? new MessageDecision(FaultAction.Duplicated) : default;
}
