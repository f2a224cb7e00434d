using System.Text.Json;
using Chaos.Gateway.Auth;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Resume;

namespace Chaos.Gateway.Sessions;

/// <summary>Authentication, and its renewal.</summary>
internal sealed partial class Session
{
    private const string Version = "chaos-gateway 1.0";

    /// <summary>State to save, if this session can be resumed.</summary>
    public (SessionLease Lease, SessionState State)? Saved()
    {
        lock (_gate) return _lease is { } lease && !_ended ? (lease, Snapshot()) : null;
    }

    private async ValueTask ConnectAsync(ConnectCommand command)
    {
        var result = await _services.Tokens.VerifyAsync(command.Token);
        // A subscription token opens one channel, not a connection.
        var fault = result.Channel is not null ? TokenFault.Invalid : result.Fault;
        if (fault != TokenFault.None)
        {
            Refuse(command, fault);
            return;
        }
        var who = result.Identity!;
        if (_services.Revocations.Covers(who))
        {
            _outcome = "revoked";
            Close(CloseReason.InvalidToken);
            return;
        }
        if (!_services.Registry.TryEnter(this, who.User))
        {
            _outcome = "limit";
            Close(CloseReason.ConnectionLimit);
            return;
        }

        var resume = await _services.Resume.BeginAsync(command.Resume, who, _end.Token);
        lock (_gate)
        {
            if (_ended) return;
            foreach (var (channel, held) in resume.State.Subscriptions) _restored[channel] = held;
            _lease = resume.Lease;
            _who = who;
            _deadlines.Connected(Elapsed, FirstPing());
            _deadlines.TokenUntil(FromNow(_services.Expiry.RevokeAt(who.Expires)));
        }
        _services.Metrics.Connection("connected");
        Authenticated?.Invoke();
        Send(Replies.Reply(command.Id, "connect", json =>
        {
            WriteToken(json, who);
            json.WriteNumber("ping"u8, (_services.Settings.PingIntervalMs + 999) / 1000);
            json.WriteBoolean("pong"u8, true);
            json.WriteString("session"u8, resume.Lease.Session);
            json.WriteString("node"u8, _services.Settings.Node);
            WriteData(json, resume);
        }));
        Arm();
        // Revoked between the check above and becoming reachable by the broadcast.
        if (_services.Revocations.Covers(who)) Close(CloseReason.InvalidToken);
        // Likewise: the other region was heard of while the reply from the store was under way.
        if (_services.Forks.HasEnded(resume.Lease)) Close(CloseReason.StateInvalidated);
    }

    private void Refuse(ConnectCommand command, TokenFault fault)
    {
        _connectFailed = true;
        _outcome = fault == TokenFault.Expired ? "expired" : "invalid_token";
        if (_services.PreAuth.AfterRefusal(fault) is { } reason) Close(reason);
        else Fail(command, fault == TokenFault.Expired ? ProtocolError.TokenExpired : ProtocolError.Unauthorized);
    }

    private async Task RefreshAsync(RefreshCommand command, Identity who)
    {
        var result = await _services.Tokens.VerifyAsync(command.Token);
        if (result.Fault == TokenFault.Expired)
        {
            Fail(command, ProtocolError.TokenExpired);
            return;
        }
        if (result.Fault != TokenFault.None || result.Channel is not null || result.Identity!.User != who.User || result.Identity.Tenant != who.Tenant
            || _services.Revocations.Covers(result.Identity))
        {
            Close(CloseReason.InvalidToken);
            return;
        }
        lock (_gate)
        {
            _who = result.Identity;
            _deadlines.TokenUntil(FromNow(_services.Expiry.RevokeAt(result.Identity.Expires)));
        }
        Arm();
        Send(Replies.Reply(command.Id, "refresh", json => WriteToken(json, result.Identity)));
    }

    private void WriteToken(Utf8JsonWriter json, Identity who)
    {
        json.WriteString("client"u8, Client);
        json.WriteString("version"u8, Version);
        Replies.WriteExpiry(json, Ttl(who.Expires));
    }

    private static void WriteData(Utf8JsonWriter json, ResumeOutcome resume)
    {
        json.WriteStartObject("data"u8);
        json.WriteBoolean("resumed"u8, resume.Resumed);
        if (resume.Token is { } token) json.WriteString("resume"u8, token);
        if (resume.Reason is { } reason) json.WriteString("reason"u8, reason);
        if (resume.Resumed)
        {
            json.WriteStartObject("subscriptions"u8);
            foreach (var (channel, held) in resume.State.Subscriptions)
            {
                json.WriteStartObject(channel);
                json.WriteString("epoch"u8, held.Epoch);
                json.WriteNumber("offset"u8, held.Offset);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>Whole seconds left, at least 1: clients refresh when they are over.</summary>
    private long Ttl(DateTimeOffset expires) => Math.Max(1, (long)(expires - _services.Time.GetUtcNow()).TotalSeconds);

    /// <summary>Half to the whole interval, by the connection's id, so that clients that came together are not pinged together.</summary>
    private TimeSpan FirstPing()
    {
        var share = 0.5 + (Convert.ToInt32(Client[..4], 16) / 131_072.0);
        return TimeSpan.FromMilliseconds(_services.Settings.PingIntervalMs * share);
    }
}
