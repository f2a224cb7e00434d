using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Routes;

/// <summary>Proxies with all their settings, strictly read.</summary>
internal static class OwnProxyRoutes
{
    private const string All = "/chaos/proxies";
    private const string One = "/chaos/proxies/{proxy}";
    private static readonly string[] Changeable = ["listen", "upstream", "tls", "upstream_tls", "enabled"];

    public static IEnumerable<ApiRoute> Of(ProxyRegistry registry) =>
    [
        new("listWholeProxies", ["GET"], All, "All proxies with their settings, faults and counters.",
            _ => Task.FromResult(Answer.Json(new JsonArray([.. registry.All().Select(proxy => (JsonNode)ControlJson.Whole(proxy))])))) { Answer = "WholeProxies" },
        new("createWholeProxy", ["POST"], All, "Makes a proxy with its toxics and faults, or nothing at all. Unknown names and malformed upstreams are refused.", async call =>
        {
            var plan = ProxyRequests.ReadStrict(await call.BodyAsync().ConfigureAwait(false));
            return Answer.Json(ControlJson.Whole(registry.Create(plan)), StatusCodes.Status201Created);
        }) { Body = "ProxyRequest", Status = StatusCodes.Status201Created, Answer = "WholeProxy", Errors = [400, 409, 500] },
        new("getWholeProxy", ["GET"], One, "One proxy with its settings, faults and counters.",
            call => Task.FromResult(Answer.Json(ControlJson.Whole(registry.Get(call.Part("proxy")))))) { Answer = "WholeProxy", Errors = [404] },
        new("updateWholeProxy", ["PATCH"], One, "Changes what is given. Other addresses, and disabling, drop its connections.", async call =>
        {
            var proxy = registry.Get(call.Part("proxy"));
            var body = await call.BodyAsync().ConfigureAwait(false);
            body.NothingBut(Changeable);
            ProxyRequests.Upstream(body);
            registry.Update(proxy, ProxyRequests.ReadUpdate(body), body.Flag("enabled"));
            return Answer.Json(ControlJson.Whole(proxy));
        }) { Body = "ProxyUpdate", Answer = "WholeProxy", Errors = [400, 404, 409, 500] },
        new("redirectProxy", ["PUT"], One + "/upstream", "Sends connections that are made from now on to other upstreams, by their weights; those that are open stay where they are.", async call =>
        {
            var proxy = registry.Get(call.Part("proxy"));
            var body = await call.BodyAsync().ConfigureAwait(false);
            body.NothingBut(["upstream"]);
            registry.Redirect(proxy, ProxyRequests.Upstream(body) ?? throw ControlError.BadBody("upstream is missing"));
            return Answer.Json(ControlJson.Whole(proxy));
        }) { Body = "Upstream", Answer = "WholeProxy", Errors = [400, 404] },
        new("deleteWholeProxy", ["DELETE"], One, "Deletes a proxy with its faults, and drops its connections.", call =>
        {
            registry.Delete(call.Part("proxy"));
            return Task.FromResult(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent, Errors = [404] },
    ];
}
