using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>Delays plain HTTP requests, or their answers.</summary>
internal sealed record HttpDelayFault(Delay Delay, bool Answer) : FaultBehaviour
{
    public static readonly FaultKind Kind = new("http_delay",
        "Delays plain HTTP requests: the request before it is forwarded, or the answer before its first byte. Requests that wait when the fault is removed go on at once. WebSocket handshakes are left alone.",
        Tcp: false, WebSocket: true,
        [
            .. Delay.SingleAttributes,
            HttpMoment.Attribute("What waits: the request, or the answer (its head and all that follows)."),
        ],
        (values, errors) => new HttpDelayFault(Delay.ReadSingle(values, errors), HttpMoment.IsAnswer(values)))
    {
        Http = true,
    };

    public Direction Direction => Answer ? Direction.Downstream : Direction.Upstream;

    /// <summary>The delay of a request, a function of the seed and the request's ordinal.</summary>
    public long DelayUs(LinkConnection request, string name) =>
        Delay.DrawUs(StreamKey.For(request.Link.Seed, name, request.Ordinal, Direction), 0);
}
