using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Control.OpenApi;

namespace Chaos.Proxy.Control.Routes;

/// <summary>The API's description of itself.</summary>
internal static class OpenApiRoute
{
    /// <param name="others">All routes but this one.</param>
    public static ApiRoute Of(IReadOnlyList<ApiRoute> others)
    {
        ApiRoute? self = null;
        // Made when it is first asked for: a proxy that starts has better things to do.
        var document = new Lazy<Task<string>>(() => ApiDocument.WriteAsync([.. others, self!]));
        return self = new("getOpenApi", ["GET"], "/chaos/openapi.json", "This document.",
            async _ => Answer.Raw(await document.Value.ConfigureAwait(false), Answer.JsonType)) { Answer = "OpenApi" };
    }
}
