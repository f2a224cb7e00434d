namespace Chaos.Proxy.Faults;

/// <summary>Moves messages.</summary>
internal sealed record ReorderMessageFault(double Rate, double Correlation, int Gap, double HoldMs) : MessageFault
{
    public static readonly FaultKind Kind = new("ws_reorder",
        "Moves whole messages behind later ones of the same direction.",
        Tcp: false, WebSocket: true,
        [
            .. MessageRate.Attributes,
            new("gap", AttributeKind.Integer, "How many later messages go first.", 1, 1, 1000),
            new("hold", AttributeKind.Number, "Milliseconds after which a held message goes on although too few came.", 1000, 1),
            .. DeflateAttributes,
        ],
        (values, _) => new ReorderMessageFault(values.Number("rate"), values.Number("correlation"), values.Integer("gap"), values.Number("hold")) { Deflate = DeflatePolicy.Read(values) });

    public override MessageDecision Decide(StreamKey key, long message) =>
        MessageRate.Hits(key, message, Rate, Correlation) ? new MessageDecision(FaultAction.Reordered, Decision.ToUs(HoldMs), Gap, MayBeOvertaken: true) : default;
}
