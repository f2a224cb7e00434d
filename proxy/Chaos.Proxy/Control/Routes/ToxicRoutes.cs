using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Links;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Routes;

/// <summary>Toxics in the API of Toxiproxy 2.12.</summary>
internal static class ToxicRoutes
{
    private const string Toxics = "/proxies/{proxy}/toxics";
    private const string One = "/proxies/{proxy}/toxics/{toxic}";

    public static IEnumerable<ApiRoute> Of(ProxyRegistry registry) =>
    [
        new("listToxics", ["GET"], Toxics, "Toxics of a proxy.",
            call => Task.FromResult(Answer.Json(ControlJson.Toxics(registry.Get(call.Part("proxy")), call.Flag(ToxiproxyRoutes.All.Name)))))
            { Answer = "Toxics", Errors = [404], Query = [ToxiproxyRoutes.All] },
        new("createToxic", ["POST"], Toxics, "Adds a toxic.", async call =>
        {
            var proxy = registry.Get(call.Part("proxy"));
            var definition = FaultRequests.ReadToxic(FaultPlace.On(proxy), await call.BodyAsync().ConfigureAwait(false));
            return Answer.Json(ControlJson.Toxic(registry.AddFault(proxy, definition)));
        }) { Body = "ToxicRequest", Answer = "Toxic", Errors = [400, 404, 409] },
        new("getToxic", ["GET"], One, "One toxic.", call => Task.FromResult(Answer.Json(ControlJson.Toxic(Find(registry, call).Toxic))))
            { Answer = "Toxic", Errors = [404], Query = [ToxiproxyRoutes.All] },
        new("updateToxic", ToxiproxyRoutes.Update, One, "Changes attributes and toxicity; what is not given stays.", async call =>
        {
            var (proxy, old) = Find(registry, call);
            var definition = FaultRequests.ReadUpdate(proxy, old, await call.BodyAsync().ConfigureAwait(false));
            return Answer.Json(ControlJson.Toxic(registry.ReplaceFault(proxy, old, definition)));
        }) { Body = "ToxicUpdate", Answer = "Toxic", Errors = [400, 404, 409], Query = [ToxiproxyRoutes.All] },
        new("deleteToxic", ["DELETE"], One, "Removes a toxic.", call =>
        {
            var (proxy, toxic) = Find(registry, call);
            registry.RemoveFault(proxy, toxic, "removed");
            return Task.FromResult(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent, Errors = [404], Query = [ToxiproxyRoutes.All] },
    ];

    private static (ManagedProxy Proxy, ActiveFault Toxic) Find(ProxyRegistry registry, ApiCall call)
    {
        var proxy = registry.Get(call.Part("proxy"));
        var found = ProxyRegistry.FindFault(proxy, call.Part("toxic"));
        if (found is null || !(found.Definition.AsToxic || call.Flag(ToxiproxyRoutes.All.Name))) throw ControlError.ToxicNotFound;
        return (proxy, found);
    }
}
