using System.Text.Json.Nodes;
using Chaos.Proxy.Links;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chaos.Proxy.Control;

/// <summary>The harness' own routes: faults with leases, strict validation, both directions.</summary>
internal static class ChaosRoutes
{
    public static void Map(IEndpointRouteBuilder routes, ProxyRegistry registry)
    {
        routes.MapGet("/chaos/proxies/{proxy}/faults", (string proxy) => Answer.Json(ControlJson.Faults(registry.Get(proxy))));
        routes.MapPost("/chaos/proxies/{proxy}/faults", async (string proxy, HttpRequest request) =>
        {
            var found = registry.Get(proxy);
            var body = await Body.ReadAsync(request).ConfigureAwait(false);
            return Answer.Json(ControlJson.Fault(found, registry.AddFault(found, FaultRequests.ReadFault(found, body))));
        });
        routes.MapPost("/chaos/proxies/{proxy}/faults/{fault}/renew", (string proxy, string fault) =>
        {
            registry.Renew(Find(registry.Get(proxy), fault));
            return Results.NoContent();
        });
        routes.MapDelete("/chaos/proxies/{proxy}/faults/{fault}", (string proxy, string fault) =>
        {
            var found = registry.Get(proxy);
            registry.RemoveFault(found, Find(found, fault), "removed");
            return Results.NoContent();
        });
        routes.MapGet("/chaos/faults", () => Answer.Json(new JsonArray([.. registry.All().SelectMany(proxy => proxy.Link.Faults.Select(fault => (JsonNode)ControlJson.Fault(proxy, fault)))])));
        routes.MapDelete("/chaos/faults", () =>
        {
            foreach (var proxy in registry.All())
            {
                foreach (var fault in proxy.Link.Faults)
                    registry.RemoveFault(proxy, fault, "removed");
            }
            return Results.NoContent();
        });
    }

    private static ActiveFault Find(ManagedProxy proxy, string fault) => ProxyRegistry.FindFault(proxy, fault) ?? throw new ControlError(404, "fault not found");
}
