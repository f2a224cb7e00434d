using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Ledger;

namespace Chaos.Proxy.Control.Routes;

/// <summary>What the whole proxy is doing.</summary>
internal static class StatusRoutes
{
    public static IEnumerable<ApiRoute> Of(ProxyRegistry registry, LedgerWriter ledger) =>
    [
        new("getSeed", ["GET"], "/chaos/seed", "The seed of every random decision.", _ => Task.FromResult(Answer.Json(new JsonObject { ["seed"] = registry.Seed }))) { Answer = "Seed" },
        new("getStatus", ["GET"], "/chaos/status", "Seed, halt, and how much there is of everything.", _ =>
        {
            var proxies = registry.All();
            return Task.FromResult(Answer.Json(new JsonObject
            {
                ["version"] = ToxiproxyRoutes.Version,
                ["seed"] = registry.Seed,
                ["halt"] = HaltRoutes.Json(registry),
                ["proxies"] = proxies.Length,
                ["connections"] = proxies.Sum(proxy => proxy.Link.OpenCount),
                ["faults"] = proxies.Sum(proxy => proxy.Link.Faults.Length),
                ["ledger_dropped"] = ledger.Dropped,
            }));
        }) { Answer = "Status" },
        new("getMetrics", ["GET"], "/metrics", "Counters in Prometheus' text format.", null) { Answer = "Metrics", AnswerType = "text/plain" },
    ];
}
