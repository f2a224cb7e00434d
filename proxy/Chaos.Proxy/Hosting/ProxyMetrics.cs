using System.Diagnostics.Metrics;
using Chaos.Proxy.Control;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Hosting;

/// <summary>Counters of the proxy for Prometheus, read from the links when they are asked for.</summary>
internal sealed class ProxyMetrics : IDisposable
{
    private readonly Meter _meter;

    public ProxyMetrics(string meterName, ProxyRegistry registry, LedgerWriter ledger)
    {
        _meter = new Meter(meterName);
        _meter.CreateObservableCounter("chaos_proxy_connections", () => Each(registry, link => link.Opened), description: "Connections opened.");
        _meter.CreateObservableGauge("chaos_proxy_connections_active", () => Each(registry, link => (long)link.OpenCount), description: "Connections open.");
        _meter.CreateObservableCounter("chaos_proxy_bytes", () => registry.All().SelectMany(proxy => new[]
        {
            new Measurement<long>(proxy.Link.Bytes(Direction.Upstream), new("link", proxy.Name), new("direction", "upstream")),
            new Measurement<long>(proxy.Link.Bytes(Direction.Downstream), new("link", proxy.Name), new("direction", "downstream")),
        }), description: "Bytes delivered.");
        _meter.CreateObservableCounter("chaos_proxy_injected", () => registry.All().SelectMany(proxy => proxy.Link.Injections.Read()
            .Select(count => new Measurement<long>(count.Count, new("link", proxy.Name), new("type", count.Type)))), description: "Items that faults acted on.");
        _meter.CreateObservableGauge("chaos_proxy_faults", () => Each(registry, link => (long)link.Faults.Length), description: "Faults present.");
        _meter.CreateObservableCounter("chaos_proxy_ledger_dropped", () => ledger.Dropped, description: "Ledger lines left out because the output was too slow.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Each(ProxyRegistry registry, Func<Link, long> value) =>
        registry.All().Select(proxy => new Measurement<long>(value(proxy.Link), new KeyValuePair<string, object?>("link", proxy.Name)));
}
