namespace Chaos.Proxy.Faults;

/// <summary>Delays every item, counted from its arrival; the order of items is kept.</summary>
internal sealed record LatencyFault(Delay Delay) : ItemFault
{
    public static readonly FaultKind Kind = new("latency",
        "Delays data. Each item (TCP chunk or WebSocket frame) is released latency ± jitter after it arrived; order is kept, and pipelined items are not serialised.",
        Tcp: true, WebSocket: true,
        Delay.Attributes,
        (values, errors) => new LatencyFault(Delay.Read(values, errors)));

    public override Decision Decide(StreamKey key, long item) => new(FaultAction.Delayed, Delay.DrawUs(key, item));

    // The end of a stream travels like its data.
    public override long EndDelayUs(StreamKey key, long item) => Decide(key, item).DelayUs;
}
