namespace Chaos.Proxy.Faults;

/// <summary>Ends the connection after a number of bytes.</summary>
internal sealed record LimitDataFault(long Bytes) : ItemFault
{
    public static readonly FaultKind Kind = new("limit_data",
        "Passes that many bytes, counted from when it takes hold of a connection, then ends the connection (FIN on both legs).",
        Tcp: true, WebSocket: true,
        [new("bytes", AttributeKind.Integer, "Bytes that pass. 0 ends the connection at the first byte.", Min: 0, Max: 1e15, Required: true)],
        (values, _) => new LimitDataFault((long)values.Number("bytes")));

    public override long? ByteLimit => Bytes;

    public override Decision Decide(StreamKey key, long item) => Decision.Pass;
}
