namespace Chaos.Proxy.Faults;

/// <summary>Answers WebSocket handshakes in place of the upstream, or lets them pass without extensions.</summary>
/// <param name="Status">Null where the handshake passes.</param>
internal sealed record HandshakeFault(int? Status, int? RetryAfterSeconds, double DelayMs, bool StripExtensions) : FaultBehaviour
{
    public static readonly FaultKind Kind = new("ws_handshake",
        "Refuses WebSocket handshakes with an HTTP status; the upstream does not see them. With strip_extensions they pass instead, without what the client offered in Sec-WebSocket-Extensions. Open connections are left alone.",
        Tcp: false, WebSocket: true,
        [
            new("status", AttributeKind.Integer, "HTTP status of the answer. 503 unless strip_extensions is set, which needs none: the handshake passes then.", Min: 400, Max: 599),
            new("retry_after", AttributeKind.Integer, "Value of the Retry-After header, in seconds; none by default.", Max: 86_400),
            new("delay", AttributeKind.Number, "Milliseconds before the answer, or before the handshake passes.", 0),
            new("strip_extensions", AttributeKind.Boolean, "Takes Sec-WebSocket-Extensions out of the handshake, so that nothing (permessage-deflate) is agreed on.", false),
        ],
        (values, errors) => Create(values, errors));

    private const int DefaultStatus = 503;

    private static HandshakeFault Create(AttributeValues values, List<string> errors)
    {
        var strips = values.Flag("strip_extensions");
        int? status = values.Has("status") ? values.Integer("status") : strips ? null : DefaultStatus;
        if (status is null && values.Has("retry_after")) errors.Add("attribute retry_after needs a status: the handshake passes");
        return new HandshakeFault(status, values.Has("retry_after") ? values.Integer("retry_after") : null, values.Number("delay"), strips);
    }
}
