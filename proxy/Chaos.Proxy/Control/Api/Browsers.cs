using System.Net;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Api;

/// <summary>A page in somebody's browser must not be able to drive the proxy.</summary>
internal static class Browsers
{
    /// <summary>What Toxiproxy does: it turns browsers away by their name.</summary>
    public static bool IsNamedSo(HttpRequest request) => request.Headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal);

    /// <summary>
    /// The rule of this project's own routes. A browser says where a request comes from: it must be the user's own
    /// typing, or a page that the proxy itself served. The host must be an address or localhost, or else a page could
    /// have given its own name this machine's address (DNS rebinding).
    /// </summary>
    public static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        if (site.Length == 0 && origin.Length == 0) return false;
        if (site is not ("" or "none" or "same-origin")) return true;
        if (origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}") return true;
        var host = request.Host.Host.Trim('[', ']');
        return !host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(host, out _);
    }
}
