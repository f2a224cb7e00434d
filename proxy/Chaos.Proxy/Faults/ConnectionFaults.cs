namespace Chaos.Proxy.Faults;

/// <summary>Cuts connections with a real RST on both legs.</summary>
internal sealed record ResetPeerFault(double TimeoutMs) : FaultBehaviour
{
    public static readonly FaultKind Kind = new("reset_peer",
        "Resets connections (RST to client and upstream): those that are open, and those that are opened while it lasts.",
        Tcp: true, WebSocket: true,
        [new("timeout", AttributeKind.Number, "Milliseconds from the fault's start, or from the connection's opening if that is later, to the reset.", 0)],
        (values, _) => new ResetPeerFault(values.Number("timeout")));
}

/// <summary>The listener is closed and live connections are cut.</summary>
internal sealed record DownFault : FaultBehaviour
{
    public static readonly FaultKind Kind = new("down",
        "The link is down: new connections are refused by the kernel, live ones are cut with RST. Acts on the whole link, so its toxicity is 1.",
        Tcp: true, WebSocket: true, [],
        (_, _) => new DownFault());
}

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

/// <summary>Closes WebSocket connections with a close frame, or with RST for code 1006.</summary>
internal sealed record CloseFault(int Code, string Reason, bool Half) : FaultBehaviour
{
    /// <summary>"Abnormal closure": never on the wire (RFC 6455, 7.4.1), so it is made by a reset.</summary>
    public const int Abnormal = 1006;

    public static readonly FaultKind Kind = new("ws_close",
        "Sends a close frame at the next frame boundary, to the client (stream downstream), the upstream (upstream) or both, then ends the connection. Code 1006 resets it without a frame. Acts on open connections and on those opened while it lasts.",
        Tcp: false, WebSocket: true,
        [
            new("code", AttributeKind.Integer, "Close code: 1000 to 1015 except 1004, 1005 and 1015, or 3000 to 4999; 1006 is a reset.", 1001, 1000, 4999),
            new("reason", AttributeKind.Text, "Reason in the close frame, at most 123 bytes.", ""),
            new("half", AttributeKind.Boolean, "Leaves the closing handshake half done: the socket stays open and silent after the close frame.", false),
        ],
        (values, errors) => Create(values, errors));

    private static CloseFault Create(AttributeValues values, List<string> errors)
    {
        var code = values.Has("code") ? values.Integer("code") : 1001;
        if (code is 1004 or 1005 or (>= 1015 and < 3000)) errors.Add($"attribute code: {code} may not be sent in a close frame (RFC 6455, 7.4)");
        return new CloseFault(code, values.Has("reason") ? values.Text("reason") : "", values.Has("half") && values.Flag("half"));
    }
}
