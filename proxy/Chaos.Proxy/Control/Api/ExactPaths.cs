using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chaos.Proxy.Control.Api;

/// <summary>
/// Paths are matched as Toxiproxy's router matches them: the case counts, a slash at the end is another path, doubled
/// slashes are answered with a redirect, and an unknown path with its plain text.
/// </summary>
internal static class ExactPaths
{
    /// <summary>Before routing: a path that is not in its shortest form is sent to the one that is.</summary>
    public static Task RedirectAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "/";
        if (!path.Contains("//", StringComparison.Ordinal)) return next(context);
        var clean = new StringBuilder(path.Length);
        foreach (var c in path)
        {
            if (c != '/' || clean.Length == 0 || clean[^1] != '/') clean.Append(c);
        }
        context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        context.Response.Headers.Location = new PathString(clean.ToString()).ToUriComponent() + context.Request.QueryString.ToUriComponent();
        return Task.CompletedTask;
    }

    /// <summary>After routing: what the framework matched too generously is not found.</summary>
    public static Task RejectAsync(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is not null && (endpoint as RouteEndpoint is not { } route || IsExact(route, context.Request.Path.Value ?? ""))) return next(context);
        return Answer.PlainErrorAsync(context, StatusCodes.Status404NotFound, "404 page not found");
    }

    private static bool IsExact(RouteEndpoint route, string path)
    {
        var parts = path.Split('/')[1..];
        var segments = route.RoutePattern.PathSegments;
        if (parts.Length != segments.Count) return false;
        for (var i = 0; i < parts.Length; i++)
        {
            if (segments[i].Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal && literal.Content != parts[i]) return false;
        }
        return true;
    }
}
