using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Gateway.Auth;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Sockets;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Chaos.Gateway.Admin;

/// <summary>
/// What operators can do. Every call is in the audit log before anything happens, refused ones too; when the log cannot be written the
/// call is refused.
/// </summary>
internal sealed class AdminApi(GatewaySettings settings, IAuditLog audit, IStreamStore store, RedisGate redis, HandshakeGuard guard, WebSocketEndpoint sockets,
    TimeProvider time, ILogger<AdminApi> log)
{
    private const int MaxBody = 131_072;

    public async Task HandleAsync(HttpContext context)
    {
        var action = $"{context.Request.Method} {context.Request.Path}";
        if (!IsAuthorized(context.Request))
        {
            Audit(context, action, "refused", new { reason = settings.AdminToken is null ? "no admin token is set" : "wrong or no token" });
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, new { error = "unauthorized" });
            return;
        }
        JsonObject body;
        try
        {
            body = await ReadAsync(context.Request);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            Audit(context, action, "refused", new { reason = "bad body" });
            await AnswerAsync(context, StatusCodes.Status400BadRequest, new { error = e.Message });
            return;
        }
        await RouteAsync(context, action, body);
    }

    private async Task RouteAsync(HttpContext context, string action, JsonObject body)
    {
        var (known, flaw) = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("POST", "/admin/publish") => (true, PublishFlaw(body)),
            ("POST", "/admin/disconnect") => (true, Text(body, "user") is null ? "user is missing" : CodeFlaw(body)),
            ("POST", "/admin/revoke") => (true, Text(body, "user") is null == Text(body, "jti") is null ? "one of user and jti is needed" : null),
            ("POST", "/admin/limit") => (true, LimitFlaw(body)),
            ("POST", "/admin/drain") or ("GET", "/admin/audit") => (true, null),
            _ => (false, (string?)"no such call"),
        };
        if (flaw is not null)
        {
            Audit(context, action, "refused", new { reason = flaw, body });
            await AnswerAsync(context, known ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound, new { error = flaw });
            return;
        }
        Audit(context, action, "accepted", body);
        try
        {
            await AnswerAsync(context, StatusCodes.Status200OK, await ActAsync(context.Request.Path.Value!, body, context.RequestAborted));
        }
        catch (DependencyUnavailableException e)
        {
            Audit(context, action, "failed", new { reason = e.Message });
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, new { error = e.Message });
        }
    }

    private async Task<object> ActAsync(string path, JsonObject body, CancellationToken cancel)
    {
        switch (path)
        {
            case "/admin/publish":
                var mid = Text(body, "mid") ?? "\n" + Guid.NewGuid();
                var data = Encoding.UTF8.GetBytes(body["data"]!.ToJsonString());
                var result = await store.PublishAsync(new PublishRequest("\nadmin", Text(body, "channel")!, mid, data), cancel);
                return new { outcome = result.Outcome.ToString().ToLowerInvariant(), epoch = result.Position.Epoch, offset = result.Position.Offset };
            case "/admin/disconnect":
                await TellAsync(new LiveMessage.Disconnect(Text(body, "user")!, body["code"] is { } code ? (int)code : CloseReason.ForceDisconnect.Code), cancel);
                return new { };
            case "/admin/revoke":
                await RevokeAsync(Text(body, "user") is { } user ? Revocations.UserKey(user) : Revocations.TokenKey(Text(body, "jti")!), cancel);
                return new { };
            case "/admin/limit":
                return await LimitAsync(Text(body, "channel")!, (int)body["per_second"]!, (int)body["for_ms"]!, cancel);
            case "/admin/drain":
                guard.Draining = true;
                _ = DrainAsync();
                return new { window_ms = settings.DrainWindowMs };
            default:
                return new { entries = audit.Read() };
        }
    }

    private async Task RevokeAsync(string key, CancellationToken cancel)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await KeepAndTellAsync(redis.Keys.Revocations, key, now, new LiveMessage.Revoked(key, now), cancel);
    }

    private async Task<object> LimitAsync(string channel, int perSecond, int forMs, CancellationToken cancel)
    {
        var limit = new LiveMessage.Limited(channel, perSecond, time.GetUtcNow().ToUnixTimeMilliseconds() + forMs);
        await KeepAndTellAsync(redis.Keys.ChannelLimits, channel, LiveMessage.Write(limit), limit, cancel);
        return new { until_unix_ms = limit.UntilUnixMs };
    }

    /// <summary>Keeps it for nodes that start later, and tells those that run.</summary>
    private async Task KeepAndTellAsync(RedisKey hash, RedisValue field, RedisValue value, LiveMessage message, CancellationToken cancel)
    {
        await redis.RunAsync((hash, field, value), static (db, s) => db.HashSetAsync(s.hash, s.field, s.value), cancel);
        await TellAsync(message, cancel);
    }

    private async Task TellAsync(LiveMessage message, CancellationToken cancel) =>
        await redis.RunAsync((redis.Keys.Live, Message: LiveMessage.Write(message)), static (db, s) => db.PublishAsync(s.Live, s.Message), cancel);

    private async Task DrainAsync()
    {
        try
        {
            await sockets.CloseAllAsync(CloseReason.Shutdown, TimeSpan.FromMilliseconds(settings.DrainWindowMs), CancellationToken.None);
        }
        catch (Exception e)
        {
            log.LogError(e, "draining failed");
        }
    }

    private bool IsAuthorized(HttpRequest request)
    {
        if (settings.AdminToken is not { Length: > 0 } token) return false;
        // Hashed first: the comparison takes the same time whatever the lengths.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes("Bearer " + token)),
            SHA256.HashData(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString())));
    }

    private void Audit(HttpContext context, string action, string decision, object details) =>
        audit.Write($"admin@{context.Connection.RemoteIpAddress}", action, new { decision, details });

    private static async Task<JsonObject> ReadAsync(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method)) return [];
        if (request.ContentLength > MaxBody) throw new FormatException("the body is too large");
        using var copy = new MemoryStream();
        var buffer = new byte[4096];
        for (int n; (n = await request.Body.ReadAsync(buffer)) > 0;)
        {
            copy.Write(buffer, 0, n);
            if (copy.Length > MaxBody) throw new FormatException("the body is too large");
        }
        return copy.Length == 0 ? [] : JsonNode.Parse(copy.ToArray()) as JsonObject ?? throw new FormatException("the body is not an object");
    }

    private string? PublishFlaw(JsonObject body)
    {
        if (Text(body, "channel") is not { } channel) return "channel is missing";
        return body["data"] is null ? "data is missing" : ChannelName.Flaw(channel, settings.Limits.MaxChannelBytes);
    }

    private string? LimitFlaw(JsonObject body)
    {
        if (Text(body, "channel") is not { } channel) return "channel is missing";
        if (ChannelName.Flaw(channel, settings.Limits.MaxChannelBytes) is { } flaw) return flaw;
        if (!IsWithin(body["per_second"], 1, 1_000_000)) return "per_second must be 1 to 1000000";
        return IsWithin(body["for_ms"], 1, 86_400_000) ? null : "for_ms must be 1 to 86400000: a limit ends by itself";
    }

    private static bool IsWithin(JsonNode? node, int min, int max) => node is JsonValue value && value.TryGetValue<int>(out var number) && number >= min && number <= max;

    private static string? CodeFlaw(JsonObject body) =>
        body["code"] is null || (body["code"] is JsonValue v && v.TryGetValue<int>(out var code) && code is >= 3000 and <= 4999) ? null : "code must be 3000 to 4999";

    private static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static async Task AnswerAsync(HttpContext context, int status, object body)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(body);
    }
}
