using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Routes;

/// <summary>Reads the configuration file again.</summary>
internal static class ReloadRoute
{
    public static ApiRoute Of(Func<Task<ReloadResult>> reload) => new("reload", ["POST"], "/chaos/reload",
        "Reads the configuration file again, as SIGHUP does. Identical proxies keep their connections; a malformed file changes nothing.", _ => ReloadAsync(reload))
        { Answer = "Reloaded", Errors = [400, 409] };

    private static async Task<IResult> ReloadAsync(Func<Task<ReloadResult>> reload)
    {
        try
        {
            var result = await reload().ConfigureAwait(false);
            return Answer.Json(new JsonObject
            {
                ["added"] = Names(result.Added), ["replaced"] = Names(result.Replaced), ["removed"] = Names(result.Removed), ["unchanged"] = Names(result.Unchanged),
                ["faults"] = result.Faults,
            });
        }
        catch (ConfigFileException e)
        {
            var error = Answer.Error(StatusCodes.Status400BadRequest, e.Message);
            error["errors"] = Names(e.Errors);
            return Answer.Json(error, StatusCodes.Status400BadRequest);
        }
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
