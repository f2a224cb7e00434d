using System.Diagnostics.Metrics;
using Chaos.Proxy.Control;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Hosting;

/// <summary>Counters of the proxy for Prometheus, read from the links when they are asked for: also of connections that are open.</summary>
internal sealed class ProxyMetrics : IDisposable
{
    private static readonly Direction[] Directions = [Direction.Upstream, Direction.Downstream];

    private readonly Meter _meter;
    private readonly ProxyRegistry _registry;

    public ProxyMetrics(string meterName, ProxyRegistry registry, LedgerWriter ledger)
    {
        _registry = registry;
        _meter = new Meter(meterName);
        _meter.CreateObservableCounter("chaos_proxy_connections", () => Each(link => link.Opened), description: "Connections opened.");
        _meter.CreateObservableGauge("chaos_proxy_connections_active", () => Each(link => (long)link.OpenCount), description: "Connections open.");
        _meter.CreateObservableCounter("chaos_proxy_bytes", () => EachDirection((proxy, direction) => new Measurement<long>(proxy.Link.Bytes(direction).Delivered,
            new("link", proxy.Name), new("direction", direction.Name()))), description: "Bytes delivered.");
        _meter.CreateObservableCounter("chaos_proxy_injected", () => registry.All().SelectMany(proxy => proxy.Link.Injections.Read()
            .Select(count => new Measurement<long>(count.Count, new("link", proxy.Name), new("type", count.Type)))), description: "Items that faults acted on.");
        _meter.CreateObservableGauge("chaos_proxy_faults", () => Each(link => (long)link.Faults.Length), description: "Faults present.");
        _meter.CreateObservableCounter("chaos_proxy_ledger_dropped", () => ledger.Dropped, description: "Ledger lines left out because the output was too slow.");
        _meter.CreateObservableGauge("chaos_proxy_halted", () => registry.Halted is null ? 0 : 1, description: "1 while no fault is accepted.");
        CreateWires();
        CreateToxiproxys();
    }

    public void Dispose() => _meter.Dispose();

    // What a gateway reports of itself, as the wire shows it: one can be held against the other.
    private void CreateWires()
    {
        _meter.CreateObservableCounter("chaos_proxy_handshakes", () => EachWire(link => link.Wire.Handshakes.Select(h => (h.Count, Tags: Tags(link, "status", h.Status, h.By)))),
            description: "WebSocket handshakes by the status that the client got, 0 without an answer, and by who answered.");
        _meter.CreateObservableGauge("chaos_proxy_upstream_connections_active", () => EachWire(Established), description: "WebSocket connections established with each upstream.");
        _meter.CreateObservableCounter("chaos_proxy_clients", () => EachWire(link => [(link.Wire.Clients, [new("link", link.Name)])]), description: "Clients that were connected, by the name that they told.");
        _meter.CreateObservableCounter("chaos_proxy_reconnects", () => EachWire(link => [(link.Wire.Reconnects, [new("link", link.Name)])]), description: "Connections of clients that had been connected before.");
        _meter.CreateObservableCounter("chaos_proxy_disconnects", () => EachWire(link => link.Wire.Ends.Select(e => (e.Count, Tags: Tags(link, "code", e.Code, e.By)))),
            description: "Ended WebSocket connections by close code, 1006 without one, and by who ended them.");
        var roundTrips = _meter.CreateHistogram("chaos_proxy_rtt_seconds", description: "Time from an upstream's ping to the delivery of the pong.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = RoundTripBounds });
        _registry.RoundTrip = (link, time) => roundTrips.Record(time.TotalSeconds, new KeyValuePair<string, object?>("link", link));
    }

    /// <summary>Upper bounds of the round trips' classes, in seconds: within 10 % of each other where links between people and regions lie.</summary>
    private static double[] RoundTripBounds { get; } =
    [
        0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2, 0.22,
        0.24, 0.27, 0.3, 0.35, 0.4, 0.5, 0.75, 1, 2, 5, 10,
    ];

    private static IEnumerable<(long Count, KeyValuePair<string, object?>[] Tags)> Established(Link link) =>
        link.Open().Select(connection => connection.Established).OfType<string>().CountBy(upstream => upstream, StringComparer.Ordinal)
            .Select(u => ((long)u.Value, new KeyValuePair<string, object?>[] { new("link", link.Name), new("upstream", u.Key) }));

    private static KeyValuePair<string, object?>[] Tags(Link link, string name, int value, string by) => [new("link", link.Name), new(name, value), new("by", by)];

    private IEnumerable<Measurement<long>> EachWire(Func<Link, IEnumerable<(long Count, KeyValuePair<string, object?>[] Tags)>> values) =>
        _registry.All().Where(proxy => proxy.Settings.Kind == ProxyKind.WebSocket).SelectMany(proxy => values(proxy.Link)).Select(v => new Measurement<long>(v.Count, v.Tags));

    // With the names and labels of Toxiproxy, for dashboards that exist. It counts when a connection is over; this is live.
    private void CreateToxiproxys()
    {
        _meter.CreateObservableCounter("toxiproxy_proxy_received_bytes", () => EachDirection((proxy, direction) => Toxiproxys(proxy, direction, proxy.Link.Bytes(direction).Received)),
            description: "Bytes received.");
        _meter.CreateObservableCounter("toxiproxy_proxy_sent_bytes", () => EachDirection((proxy, direction) => Toxiproxys(proxy, direction, proxy.Link.Bytes(direction).Delivered)),
            description: "Bytes sent.");
    }

    private static Measurement<long> Toxiproxys(ManagedProxy proxy, Direction direction, long bytes) => new(bytes,
        new("direction", direction.Name()), new("listener", proxy.Settings.Listen), new("proxy", proxy.Name), new("upstream", proxy.Settings.Upstream));

    private IEnumerable<Measurement<long>> Each(Func<Link, long> value) =>
        _registry.All().Select(proxy => new Measurement<long>(value(proxy.Link), new KeyValuePair<string, object?>("link", proxy.Name)));

    private IEnumerable<Measurement<long>> EachDirection(Func<ManagedProxy, Direction, Measurement<long>> measure) =>
        _registry.All().SelectMany(proxy => Directions.Select(direction => measure(proxy, direction)));
}
