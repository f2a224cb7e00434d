namespace Chaos.Proxy.Faults;

/// <summary>Resets the client's connection in place of the answer, or in the midst of it.</summary>
internal sealed record HttpAbortFault(bool Answer, long Bytes) : FaultBehaviour
{
    public static readonly FaultKind Kind = new("http_abort",
        "Resets plain HTTP requests (RST to client and upstream; RST_STREAM under HTTP/2): before they are forwarded, or after the head and some bytes of the answer's body. An answer whose body is shorter passes unharmed.",
        Tcp: false, WebSocket: true,
        [
            HttpMoment.Attribute("When: before the request is forwarded, so that the upstream does not see it; or in the answer."),
            new("bytes", AttributeKind.Integer, "Bytes of the answer's body that still reach the client (where: answer).", 0, Max: 1e15),
        ],
        (values, errors) => Create(values, errors))
    {
        Http = true,
    };

    private static HttpAbortFault Create(AttributeValues values, List<string> errors)
    {
        var fault = new HttpAbortFault(HttpMoment.IsAnswer(values), (long)values.Number("bytes"));
        if (fault is { Answer: false, Bytes: > 0 }) errors.Add("attribute bytes belongs to where: answer");
        return fault;
    }
}
