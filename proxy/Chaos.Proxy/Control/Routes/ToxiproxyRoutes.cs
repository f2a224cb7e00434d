using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Routes;

/// <summary>Proxies in the API of Toxiproxy 2.12, as its clients expect it on the wire.</summary>
internal static class ToxiproxyRoutes
{
    /// <summary>The version whose API this is: clients of 2.x check the first number.</summary>
    public const string Version = "2.12.0";

    public static readonly string[] Update = ["POST", "PATCH"];

    public static readonly ApiQuery All = new("all", "boolean", "Shows the faults that were made through /chaos as well; a Toxiproxy client may stumble over their types.");

    public static IEnumerable<ApiRoute> Of(ProxyRegistry registry) =>
    [
        new("getVersion", ["GET"], "/version", "The version of Toxiproxy whose API this is.",
            _ => Is(Answer.Raw($"{{\"version\": \"{Version}\"}}\n", "application/json;charset=utf-8"))) { Answer = "Version", AnswerType = "application/json;charset=utf-8" },
        new("reset", ["POST"], "/reset", "Enables all proxies and removes all faults.", _ =>
        {
            registry.Reset();
            return Is(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent, Errors = [500] },
        new("listProxies", ["GET"], "/proxies", "All proxies by name, with their toxics.",
            call => Is(Answer.Json(new JsonObject(registry.All().Select(proxy => KeyValuePair.Create(proxy.Name, (JsonNode?)ControlJson.Proxy(proxy, call.Flag(All.Name))))))))
            { Answer = "ProxiesByName", Query = [All] },
        new("createProxy", ["POST"], "/proxies", "Makes a proxy; with toxics and faults from the start, if it has any.", async call =>
        {
            var plan = ProxyRequests.ReadLenient(await call.BodyAsync().ConfigureAwait(false), "");
            return Answer.Json(ControlJson.Proxy(registry.Create(plan), call.Flag(All.Name)), StatusCodes.Status201Created);
        }) { Body = "ProxyRequest", Status = StatusCodes.Status201Created, Answer = "Proxy", Errors = [400, 409, 500] },
        new("getProxy", ["GET"], "/proxies/{proxy}", "One proxy.", call => Is(Show(registry.Get(call.Part("proxy")), call)))
            { Answer = "Proxy", Errors = [404], Query = [All] },
        new("updateProxy", Update, "/proxies/{proxy}", "Changes what is given. Other addresses, and disabling, drop its connections.", async call =>
        {
            var found = registry.Get(call.Part("proxy"));
            var body = await call.BodyAsync().ConfigureAwait(false);
            registry.Update(found, ProxyRequests.ReadUpdate(body), body.Flag("enabled"));
            return Show(found, call);
        }) { Body = "ProxyUpdate", Answer = "Proxy", Errors = [400, 404, 409, 500] },
        new("deleteProxy", ["DELETE"], "/proxies/{proxy}", "Deletes a proxy with its faults, and drops its connections.", call =>
        {
            registry.Delete(call.Part("proxy"));
            return Is(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent, Errors = [404] },
    ];

    private static IResult Show(ManagedProxy proxy, ApiCall call) => Answer.Json(ControlJson.Proxy(proxy, call.Flag(All.Name)));

    private static Task<IResult> Is(IResult result) => Task.FromResult(result);
}
