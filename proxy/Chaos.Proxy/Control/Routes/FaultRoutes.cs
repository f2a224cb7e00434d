using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Links;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Routes;

/// <summary>Faults with leases, strict validation and both directions.</summary>
internal static class FaultRoutes
{
    private const string Faults = "/chaos/proxies/{proxy}/faults";
    private const string One = "/chaos/proxies/{proxy}/faults/{fault}";

    public static IEnumerable<ApiRoute> Of(ProxyRegistry registry) =>
    [
        new("listFaults", ["GET"], Faults, "Faults of a proxy, toxics included.", call => Task.FromResult(Answer.Json(ControlJson.Faults(registry.Get(call.Part("proxy"))))))
            { Answer = "Faults", Errors = [404] },
        new("createFault", ["POST"], Faults, "Adds a fault; every error of the request is told at once. A dry run answers with a DryRun instead: what the fault would take hold of now.", async call =>
        {
            var proxy = registry.Get(call.Part("proxy"));
            var definition = FaultRequests.ReadFault(FaultPlace.On(proxy), await call.BodyAsync().ConfigureAwait(false));
            return Answer.Json(call.Flag(DryRun.Query.Name) ? DryRun.Of(proxy, definition) : ControlJson.Fault(proxy, registry.AddFault(proxy, definition)));
        }) { Body = "FaultRequest", Answer = "Fault", Errors = [400, 404, 409], Query = [DryRun.Query] },
        new("getFault", ["GET"], One, "One fault.", call =>
        {
            var (proxy, fault) = Find(registry, call);
            return Task.FromResult(Answer.Json(ControlJson.Fault(proxy, fault)));
        }) { Answer = "Fault", Errors = [404] },
        new("deleteFault", ["DELETE"], One, "Removes a fault.", call =>
        {
            var (proxy, fault) = Find(registry, call);
            registry.RemoveFault(proxy, fault, "removed");
            return Task.FromResult(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent, Errors = [404] },
        new("renewFault", ["POST"], One + "/renew", "Starts a fault's lease again.", call =>
        {
            registry.Renew(Find(registry, call).Fault);
            return Task.FromResult(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent, Errors = [404, 409] },
        new("renewFaults", ["POST"], "/chaos/proxies/{proxy}/renew", "Starts all leases of a proxy again; names the faults that have one.", call =>
        {
            var renewed = registry.RenewAll(registry.Get(call.Part("proxy")));
            return Task.FromResult(Answer.Json(new JsonObject { ["renewed"] = new JsonArray([.. renewed.Select(fault => (JsonNode)fault.Name)]) }));
        }) { Answer = "Renewed", Errors = [404, 409] },
        new("listAllFaults", ["GET"], "/chaos/faults", "Faults of all proxies.",
            _ => Task.FromResult(Answer.Json(new JsonArray([.. registry.All().SelectMany(proxy => proxy.Link.Faults.Select(fault => (JsonNode)ControlJson.Fault(proxy, fault)))]))))
            { Answer = "Faults" },
        new("deleteAllFaults", ["DELETE"], "/chaos/faults", "Removes every fault of every proxy.", _ =>
        {
            foreach (var proxy in registry.All())
                registry.RemoveFaults(proxy);
            return Task.FromResult(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent },
    ];

    private static (ManagedProxy Proxy, ActiveFault Fault) Find(ProxyRegistry registry, ApiCall call)
    {
        var proxy = registry.Get(call.Part("proxy"));
        return (proxy, ProxyRegistry.FindFault(proxy, call.Part("fault")) ?? throw ControlError.FaultNotFound);
    }
}
