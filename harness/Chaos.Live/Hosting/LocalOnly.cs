using System.Net;
using Microsoft.AspNetCore.Http;

namespace Chaos.Live.Hosting;

/// <summary>
/// The page is for whoever sits at this machine. Another page in the same browser may neither read it, by giving its own name this machine's address (DNS
/// rebinding), nor press its button (cross-site requests).
/// </summary>
internal static class LocalOnly
{
    /// <summary>Whether a request names this machine as its host, and not some other name that leads here.</summary>
    public static bool IsLocalHost(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>Whether a request that changes something comes from the page itself. Browsers send the origin with every POST; nobody else has to press this button.</summary>
    public static bool IsFromThePage(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is "" or "same-origin" && request.Headers.Origin.ToString() == $"{request.Scheme}://{request.Host}";
    }
}
