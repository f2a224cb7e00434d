using System.Security.Cryptography;
using System.Text;
using Chaos.Proxy.Control;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Hosting;

/// <summary>Who may use the control API, and what its errors look like.</summary>
internal static class ControlSecurity
{
    /// <summary>Turns browsers away (a page must not be able to drive the proxy), and callers without the token.</summary>
    public static async Task GuardAsync(HttpContext context, RequestDelegate next, string? token)
    {
        if (context.Request.Headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("User agent not allowed\n").ConfigureAwait(false);
            return;
        }
        if (token is not null && !IsToken(context.Request.Headers.Authorization.ToString(), token))
        {
            await WriteAsync(context, StatusCodes.Status401Unauthorized, "a bearer token is needed").ConfigureAwait(false);
            return;
        }
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (ControlError e)
        {
            await WriteAsync(context, e.Status, e.Message).ConfigureAwait(false);
        }
    }

    private static bool IsToken(string header, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes("Bearer " + token));

    private static Task WriteAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(ControlJson.Error(status, message).ToJsonString());
    }
}
