namespace Chaos.Proxy.Faults;

/// <summary>Answers WebSocket handshakes in place of the upstream.</summary>
internal sealed record HandshakeFault(int Status, int? RetryAfterSeconds, double DelayMs) : FaultBehaviour
{
    public static readonly FaultKind Kind = new("ws_handshake",
        "Refuses WebSocket handshakes with an HTTP status; the upstream does not see them. Open connections are left alone.",
        Tcp: false, WebSocket: true,
        [
            new("status", AttributeKind.Integer, "HTTP status of the answer.", 503, 400, 599),
            new("retry_after", AttributeKind.Integer, "Value of the Retry-After header, in seconds; none by default.", Max: 86_400),
            new("delay", AttributeKind.Number, "Milliseconds before the answer.", 0),
        ],
        (values, _) => new HandshakeFault(values.Integer("status"), values.Has("retry_after") ? values.Integer("retry_after") : null, values.Number("delay")));
}
