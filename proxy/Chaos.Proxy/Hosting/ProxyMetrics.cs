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
        CreateToxiproxys();
    }

    public void Dispose() => _meter.Dispose();

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
