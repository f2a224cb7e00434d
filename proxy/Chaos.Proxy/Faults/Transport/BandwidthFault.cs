namespace Chaos.Proxy.Faults;

/// <summary>Limits the rate at which bytes are released.</summary>
internal sealed record BandwidthFault(double RateKbps, bool Shared) : ItemFault
{
    public static readonly FaultKind Kind = new("bandwidth",
        "Limits throughput, for each connection or for all connections of the link together.",
        Tcp: true, WebSocket: true,
        [
            new("rate", AttributeKind.Number, "Rate in KB/s (1 KB is 1000 bytes), for each direction.", Min: 0.1, Max: 10_000_000, Required: true),
            new("shared", AttributeKind.Boolean, "One bucket for the whole link; else each connection has its own.", false),
        ],
        (values, errors) => new BandwidthFault(values.Has("rate") ? values.Number("rate") : 1, values.Flag("shared")));

    public override bool IsShared => Shared;

    public override Decision Decide(StreamKey key, long item) => new(FaultAction.Throttled, 0);

    public override Shaper CreateShaper(StreamKey key) => new Pacer(RateKbps * 1000);
}
