using System.Text.Json;
using Chaos.Gateway.Admin;
using Chaos.Gateway.Auth;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Telemetry;
using StackExchange.Redis;

namespace Chaos.Gateway.Resume;

/// <summary>
/// Sessions in Redis, so that any node of the region honours a token. Comparing the presented generation and writing the next one is one
/// step, so a token works once, however many present it at the same time. Where there are regions the others are told; until they have heard, a token
/// of this one is "not-replicated" there, and while they cannot hear, it works once in each: once they hear, one of the two is kept (see <see cref="ISessionForks"/>).
/// </summary>
internal sealed class RedisResumeStore(RedisGate redis, IResumeTokenCodec codec, IResumeBinding binding, IAuditLog audit, GatewaySettings settings, GatewayMetrics metrics,
    TimeProvider time) : IResumeStore
{
    private readonly TimeSpan _ttl = TimeSpan.FromSeconds(settings.Resume.TtlS);
    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(settings.Resume.TimeoutMs);

    public async ValueTask<ResumeOutcome> BeginAsync(string? token, Identity who, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        var reason = token is null ? null : "unavailable";
        try
        {
            if (token is not null)
            {
                (var resumed, reason) = await UseAsync(token, who, either.Token);
                metrics.Resume(reason ?? "resumed");
                if (resumed is not null) return resumed;
                // Refused tokens are attacks or bugs; both should leave a trace.
                audit.Write("gateway", "resume.refused", new { user = who.User, tenant = who.Tenant, reason });
            }
            return await IssueAsync(who, reason, either.Token);
        }
        catch (Exception e) when (e is DependencyUnavailableException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            if (reason == "unavailable") metrics.Resume(reason);
            return new ResumeOutcome(false, reason, new SessionLease(NewId(), ""), null, SessionState.Empty);
        }
    }

    public async ValueTask SaveAsync(IReadOnlyList<(SessionLease Lease, SessionState State)> sessions, CancellationToken cancel) =>
        await redis.RunAsync((Sessions: sessions, Store: this), static async (db, all) =>
        {
            await Task.WhenAll(all.Sessions.Where(s => s.Lease.Generation.Length > 0).Select(s => db.ScriptEvaluateAsync(Scripts.SaveResume, all.Store.KeysOf(s.Lease.Session),
                all.Store.Values(s.Lease.Generation, JsonSerializer.SerializeToUtf8Bytes(s.State)))));
            return true;
        }, cancel);

    private async ValueTask<(ResumeOutcome? Outcome, string? Reason)> UseAsync(string token, Identity who, CancellationToken cancel)
    {
        if (codec.Read(token) is not { } claims) return (null, "tampered");
        if (!binding.Belongs(claims, who)) return (null, "stolen");
        if (claims.ExpiresUnixMs <= time.GetUtcNow().ToUnixTimeMilliseconds()) return (null, "expired");

        var next = NewClaims(claims.Session, who);
        var (keys, values) = (KeysOf(claims.Session), Values(claims.Generation, next.Generation, (long)_ttl.TotalMilliseconds));
        var reply = (RedisResult[])(await redis.RunAsync((keys, values), static (db, s) => db.ScriptEvaluateAsync(Scripts.UseResume, s.keys, s.values), cancel))!;
        return (int)reply[0] switch
        {
            1 => (new ResumeOutcome(true, null, new SessionLease(next.Session, next.Generation), codec.Write(next), Read(reply[1])), null),
            0 => (null, "replayed"),
            -2 => (null, "forked"),
            _ => (null, claims.Region == settings.Region ? "unknown" : "not-replicated"),
        };
    }

    private async ValueTask<ResumeOutcome> IssueAsync(Identity who, string? reason, CancellationToken cancel)
    {
        var claims = NewClaims(NewId(), who);
        var (keys, values) = (KeysOf(claims.Session), Values(claims.Generation, (long)_ttl.TotalMilliseconds));
        await redis.RunAsync((keys, values), static (db, s) => db.ScriptEvaluateAsync(Scripts.BeginResume, s.keys, s.values), cancel);
        return new ResumeOutcome(false, reason, new SessionLease(claims.Session, claims.Generation), codec.Write(claims), SessionState.Empty);
    }

    private RedisKey[] KeysOf(string session) => settings.Region is null ? [redis.Keys.Session(session)] : [redis.Keys.Session(session), redis.Keys.Outbox, redis.Keys.OutboxState];

    private RedisValue[] Values(params RedisValue[] values) =>
        settings.Region is { } region ? [.. values, region, settings.Replication.Queue, time.GetUtcNow().ToUnixTimeMilliseconds()] : values;

    private ResumeClaims NewClaims(string session, Identity who) =>
        new(session, who.User, who.Tenant, NewId(), (time.GetUtcNow() + _ttl).ToUnixTimeMilliseconds(), settings.Region);

    private static SessionState Read(RedisResult json) => JsonSerializer.Deserialize<SessionState>((byte[])json!) is { Subscriptions: not null } state ? state : SessionState.Empty;

    private static string NewId() => Guid.NewGuid().ToString("N");
}
