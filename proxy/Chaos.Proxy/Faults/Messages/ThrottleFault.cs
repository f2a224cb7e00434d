namespace Chaos.Proxy.Faults;

/// <summary>Lets a number of messages a second through; the others wait.</summary>
internal sealed record ThrottleFault(double Rate, bool Shared) : MessageFault
{
    public static readonly FaultKind Kind = new("ws_throttle",
        "Releases that many messages a second, for each connection or for all of the link together; the others wait: a slow consumer, or a limit on a hot channel (with a target that matches it).",
        Tcp: false, WebSocket: true,
        [
            new("rate", AttributeKind.Number, "Messages a second, for each direction.", Min: 0.01, Max: 1_000_000, Required: true),
            new("shared", AttributeKind.Boolean, "One rate for the whole link; else each connection has its own.", false),
        ],
        (values, _) => new ThrottleFault(values.Number("rate"), values.Flag("shared")));

    public override bool IsShared => Shared;

    public override MessageDecision Decide(StreamKey key, long message) => new(FaultAction.Throttled);

    public override Pacer CreatePacer() => new(Rate);
}
