using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Routes;

/// <summary>Toxiproxy's way to make many proxies.</summary>
internal static class PopulateRoute
{
    public static ApiRoute Of(ProxyRegistry registry) => new("populate", ["POST"], "/populate",
        "Makes the proxies that are missing or differ, and leaves the others as they are. Everything is checked before anything is made; where making one fails, those before it stay.",
        call => PopulateAsync(registry, call))
        { Body = "ProxyRequests", Status = StatusCodes.Status201Created, Answer = "Populated", Errors = [400, 500] };

    private static async Task<IResult> PopulateAsync(ProxyRegistry registry, ApiCall call)
    {
        var done = new List<ManagedProxy>();
        var answer = new JsonObject();
        var status = StatusCodes.Status201Created;
        try
        {
            var bodies = await Body.ReadArrayAsync(call.Context.Request).ConfigureAwait(false);
            var plans = bodies.Select((body, i) => ProxyRequests.ReadLenient(body, $" at proxy {i + 1}")).ToArray();
            foreach (var plan in plans)
                done.Add(registry.CreateOrReplace(plan));
        }
        catch (ControlError e)
        {
            answer = Answer.Error(status = e.Status, e.Message);
        }
        answer["proxies"] = new JsonArray([.. done.Select(proxy => (JsonNode)ControlJson.Proxy(proxy, call.Flag(ToxiproxyRoutes.All.Name)))]);
        return Answer.Json(answer, status);
    }
}
