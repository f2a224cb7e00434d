namespace Chaos.Proxy.Faults;

/// <summary>Passes on the end of a stream late.</summary>
internal sealed record SlowCloseFault(double DelayMs) : ItemFault
{
    public static readonly FaultKind Kind = new("slow_close",
        "Passes on the end of the stream (FIN) that much later; data is not delayed.",
        Tcp: true, WebSocket: true,
        [new("delay", AttributeKind.Number, "Delay of the end in milliseconds.", 0)],
        (values, _) => new SlowCloseFault(values.Number("delay")));

    public override Decision Decide(StreamKey key, long item) => Decision.Pass;

    public override long EndDelayUs(StreamKey key, long item) => Decision.ToUs(DelayMs);
}
