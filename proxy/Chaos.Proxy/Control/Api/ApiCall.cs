using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chaos.Proxy.Control.Api;

/// <summary>A request on its way to a route's handler.</summary>
internal sealed class ApiCall(HttpContext context)
{
    public HttpContext Context { get; } = context;

    /// <summary>Cancelled when the caller is gone.</summary>
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>A name in the path. The server leaves an escaped slash as it is, as it could not tell it from a separator.</summary>
    public string Part(string name) => ((string)Context.GetRouteValue(name)!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A query parameter that is true; <c>?all</c> alone means true as well.</summary>
    public bool Flag(string name) => Context.Request.Query.TryGetValue(name, out var value) && value.ToString().ToUpperInvariant() is ("" or "TRUE" or "1");

    /// <summary>All values of a query parameter; it may be repeated, or hold a list with commas.</summary>
    public string[] Values(string name) =>
        [.. Context.Request.Query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    public Task<Body> BodyAsync() => Body.ReadAsync(Context.Request);
}
