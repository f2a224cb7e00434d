namespace Chaos.Proxy.Faults;

/// <summary>Delays every item, counted from its arrival; the order of items is kept.</summary>
internal sealed record LatencyFault(double LatencyMs, double JitterMs, string Distribution, double Correlation) : ItemFault
{
    public static readonly FaultKind Kind = new("latency",
        "Delays data. Each item (TCP chunk or WebSocket frame) is released latency ± jitter after it arrived; order is kept, and pipelined items are not serialised.",
        Tcp: true, WebSocket: true,
        [
            new("latency", AttributeKind.Number, "Delay in milliseconds.", 0),
            new("jitter", AttributeKind.Number, "Spread of the delay in milliseconds: half the width of the uniform distribution, the standard deviation of all others.", 0),
            new("distribution", AttributeKind.Text, "Shape of the spread.", DelayDistribution.Uniform, Choices: DelayDistribution.All),
            new("correlation", AttributeKind.Number, "Probability that an item's delay repeats that of the item before it.", 0, 0, 0.999),
        ],
        (values, _) => new LatencyFault(values.Number("latency"), values.Number("jitter"), values.Text("distribution"), values.Number("correlation")));

    public override Decision Decide(StreamKey key, long item)
    {
        if (JitterMs <= 0) return new Decision(FaultAction.Delayed, Decision.ToUs(LatencyMs));
        var unit = StickyUnit.At(key, item, Correlation);
        var extra = new RandomStream(key.At(item).NextBits() ^ 0xA5A5A5A5A5A5A5A5);
        return new Decision(FaultAction.Delayed, Decision.ToUs(DelayDistribution.Draw(Distribution, LatencyMs, JitterMs, unit, ref extra)));
    }
}
