using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chaos.Proxy.Control;

/// <summary>The API of Toxiproxy 2.12, as its clients expect it on the wire.</summary>
internal static class ToxiproxyRoutes
{
    /// <summary>The version whose API this is: clients of 2.x check the first number.</summary>
    public const string Version = "2.12.0";

    private static readonly string[] Updating = ["POST", "PATCH"];

    public static void Map(IEndpointRouteBuilder routes, ProxyRegistry registry)
    {
        routes.MapGet("/version", () => Answer.Json(new JsonObject { ["version"] = Version }));
        routes.MapPost("/reset", () =>
        {
            registry.Reset();
            return Results.NoContent();
        });
        MapProxies(routes, registry);
        MapToxics(routes, registry);
        routes.MapPost("/populate", (HttpRequest request) => PopulateAsync(registry, request));
    }

    private static void MapProxies(IEndpointRouteBuilder routes, ProxyRegistry registry)
    {
        routes.MapGet("/proxies", () => Answer.Json(new JsonObject(registry.All().Select(proxy => KeyValuePair.Create(proxy.Name, (JsonNode?)ControlJson.Of(proxy))))));
        routes.MapPost("/proxies", async (HttpRequest request) =>
        {
            var body = await Body.ReadAsync(request).ConfigureAwait(false);
            var settings = ReadProxy(body, "");
            return Answer.Json(ControlJson.Of(registry.Create(settings, body.Flag("enabled") ?? true)), StatusCodes.Status201Created);
        });
        routes.MapGet("/proxies/{proxy}", (string proxy) => Answer.Json(ControlJson.Of(registry.Get(proxy))));
        routes.MapMethods("/proxies/{proxy}", Updating, async (string proxy, HttpRequest request) =>
        {
            var found = registry.Get(proxy);
            var body = await Body.ReadAsync(request).ConfigureAwait(false);
            registry.Update(found, NotEmpty(body.Text("listen")), NotEmpty(body.Text("upstream")), body.Flag("enabled"));
            return Answer.Json(ControlJson.Of(found));
        });
        routes.MapDelete("/proxies/{proxy}", (string proxy) =>
        {
            registry.Delete(proxy);
            return Results.NoContent();
        });
    }

    private static void MapToxics(IEndpointRouteBuilder routes, ProxyRegistry registry)
    {
        routes.MapGet("/proxies/{proxy}/toxics", (string proxy) => Answer.Json(ControlJson.Toxics(registry.Get(proxy))));
        routes.MapPost("/proxies/{proxy}/toxics", async (string proxy, HttpRequest request) =>
        {
            var found = registry.Get(proxy);
            var body = await Body.ReadAsync(request).ConfigureAwait(false);
            return Answer.Json(ControlJson.Toxic(registry.AddFault(found, FaultRequests.ReadToxic(found, body))));
        });
        routes.MapGet("/proxies/{proxy}/toxics/{toxic}", (string proxy, string toxic) => Answer.Json(ControlJson.Toxic(Find(registry.Get(proxy), toxic))));
        routes.MapMethods("/proxies/{proxy}/toxics/{toxic}", Updating, async (string proxy, string toxic, HttpRequest request) =>
        {
            var found = registry.Get(proxy);
            var old = Find(found, toxic);
            var definition = FaultRequests.ReadUpdate(found, old, await Body.ReadAsync(request).ConfigureAwait(false));
            registry.ReplaceFault(found, old, definition);
            return Answer.Json(ControlJson.Toxic(Find(found, toxic)));
        });
        routes.MapDelete("/proxies/{proxy}/toxics/{toxic}", (string proxy, string toxic) =>
        {
            var found = registry.Get(proxy);
            registry.RemoveFault(found, Find(found, toxic), "removed");
            return Results.NoContent();
        });
    }

    private static async Task<IResult> PopulateAsync(ProxyRegistry registry, HttpRequest request)
    {
        var done = new List<ManagedProxy>();
        try
        {
            var bodies = await Body.ReadArrayAsync(request).ConfigureAwait(false);
            // Everything is checked before anything is made.
            var all = bodies.Select((body, i) => (Settings: ReadProxy(body, $" at proxy {i + 1}"), Enabled: body.Flag("enabled") ?? true)).ToArray();
            foreach (var (settings, enabled) in all)
                done.Add(registry.CreateOrReplace(settings, enabled));
            return Answer.Json(new JsonObject { ["proxies"] = Done() }, StatusCodes.Status201Created);
        }
        catch (ControlError e)
        {
            var error = ControlJson.Error(e.Status, e.Message);
            error["proxies"] = Done();
            return Answer.Json(error, e.Status);
        }

        JsonArray Done() => new([.. done.Select(proxy => (JsonNode)ControlJson.Of(proxy))]);
    }

    public static ProxySettings ReadProxy(Body body, string where)
    {
        var name = NotEmpty(body.Text("name")) ?? throw ControlError.Missing("name" + where);
        var upstream = NotEmpty(body.Text("upstream")) ?? throw ControlError.Missing("upstream" + where);
        var kind = body.Text("kind") ?? "tcp";
        if (kind is not ("tcp" or "websocket")) throw ControlError.BadBody($"kind must be tcp or websocket, not {kind}{where}");
        return new ProxySettings(name, NotEmpty(body.Text("listen")) ?? "127.0.0.1:0", upstream, kind == "websocket", body.Text("region"));
    }

    private static Links.ActiveFault Find(ManagedProxy proxy, string toxic) => ProxyRegistry.FindFault(proxy, toxic) ?? throw ControlError.ToxicNotFound;

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
