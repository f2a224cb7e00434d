namespace Chaos.Proxy.Faults;

/// <summary>Answers plain HTTP requests in place of the upstream.</summary>
internal sealed record HttpStatusFault(int Status, int? RetryAfterSeconds, string Body, double DelayMs) : FaultBehaviour
{
    private const int MaxBodyBytes = 4096;

    public static readonly FaultKind Kind = new("http_status",
        "Answers plain HTTP requests with an error status; the upstream does not see them. Requests that were forwarded already, and WebSocket handshakes, are left alone.",
        Tcp: false, WebSocket: true,
        [
            new("status", AttributeKind.Integer, "HTTP status of the answer.", 503, 400, 599),
            new("retry_after", AttributeKind.Integer, "Value of the Retry-After header, in seconds; none by default.", Max: 86_400),
            new("body", AttributeKind.Text, "Body of the answer (text/plain, UTF-8), at most 4096 bytes.", "", MaxBytes: MaxBodyBytes),
            new("delay", AttributeKind.Number, "Milliseconds before the answer.", 0),
        ],
        (values, _) => new HttpStatusFault(values.Integer("status"), values.Has("retry_after") ? values.Integer("retry_after") : null, values.Text("body"), values.Number("delay")))
    {
        Http = true,
    };
}
