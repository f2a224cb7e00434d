namespace Chaos.Proxy.Faults;

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
