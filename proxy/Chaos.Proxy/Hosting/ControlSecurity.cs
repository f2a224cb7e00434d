using System.Security.Cryptography;
using System.Text;
using Chaos.Proxy.Control.Api;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Hosting;

/// <summary>Who may use the control API.</summary>
internal static class ControlSecurity
{
    /// <summary>Turns callers without the token away, whatever they ask for.</summary>
    public static Task CheckTokenAsync(HttpContext context, RequestDelegate next, string? token)
    {
        if (token is null || IsToken(context.Request.Headers.Authorization.ToString(), token)) return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Answer.OwnErrorAsync(context, StatusCodes.Status401Unauthorized, "a bearer token is needed");
    }

    private static bool IsToken(string header, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes("Bearer " + token));
}
