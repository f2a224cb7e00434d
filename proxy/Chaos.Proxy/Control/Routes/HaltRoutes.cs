using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Routes;

/// <summary>The stop button.</summary>
internal static class HaltRoutes
{
    private const string Path = "/chaos/halt";

    public static IEnumerable<ApiRoute> Of(ProxyRegistry registry) =>
    [
        new("getHalt", ["GET"], Path, "Whether faults are accepted.", _ => Task.FromResult(Show(registry))) { Answer = "Halt" },
        new("halt", ["POST"], Path, "Removes every fault, enables every proxy, and refuses new faults, renewals and disabling with 409 until it is released.", async call =>
        {
            var body = await Body.ReadOptionalAsync(call.Context.Request).ConfigureAwait(false);
            registry.PressHalt(body.Text("reason"));
            return Show(registry);
        }) { Body = "HaltRequest", Answer = "Halt", Errors = [400, 500] },
        new("releaseHalt", ["DELETE"], Path, "Accepts faults again.", _ =>
        {
            registry.ReleaseHalt();
            return Task.FromResult(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent },
    ];

    public static JsonObject Json(ProxyRegistry registry)
    {
        var json = new JsonObject { ["halted"] = registry.Halted is not null };
        if (registry.Halted is not { } halt) return json;
        json["since"] = halt.Since.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        if (halt.Reason is not null) json["reason"] = halt.Reason;
        return json;
    }

    private static IResult Show(ProxyRegistry registry) => Answer.Json(Json(registry));
}
