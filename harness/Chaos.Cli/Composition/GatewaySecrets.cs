using System.Net;
using System.Security.Cryptography;
using Chaos.Gateway.Settings;
using Chaos.Load.Tokens;

namespace Chaos.Cli.Composition;

/// <summary>Where a gateway that a person starts gets its secrets from.</summary>
internal static class GatewaySecrets
{
    private const string SecretVariable = "CHAOS_GATEWAY_JWT_SECRET";
    private const string AdminVariable = "CHAOS_GATEWAY_ADMIN_TOKEN";

    /// <summary>Takes secrets from the environment, so that no settings file has to hold them.</summary>
    public static GatewaySettings FromEnvironment(GatewaySettings settings)
    {
        if (Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } secret) settings = settings with { Jwt = settings.Jwt with { Secret = secret } };
        if (Environment.GetEnvironmentVariable(AdminVariable) is { Length: > 0 } token) settings = settings with { AdminToken = token };
        return settings;
    }

    /// <summary>
    /// On loopback, a gateway without any key gets one for this run, and says on standard error how to connect with it.
    /// Anywhere else a missing key stays the error that it is.
    /// </summary>
    public static GatewaySettings ForTryingOut(GatewaySettings settings, IPEndPoint listen, TimeProvider time)
    {
        if (settings.Jwt.Secret is not null || settings.Jwt.Es256Keys.Count > 0 || !IPAddress.IsLoopback(listen.Address)) return settings;
        var secret = RandomNumberGenerator.GetBytes(32);
        var token = new TokenIssuer(secret, settings.Jwt.Issuer, settings.Jwt.Audience, time).Connect("demo", "acme", TimeSpan.FromSeconds(settings.Jwt.MaxLifetimeS));
        Console.Error.WriteLine(
            $"""
            No key was given, so this run has one of its own. A token for user demo of tenant acme, channels acme:*:
            {token}
            For your own tokens (HS256, issuer {settings.Jwt.Issuer}, audience {settings.Jwt.Audience}) set {SecretVariable} to 32 bytes or more in base64.
            """);
        return settings with { Jwt = settings.Jwt with { Secret = Convert.ToBase64String(secret) } };
    }
}
