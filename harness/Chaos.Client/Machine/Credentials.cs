using System.Text.Json;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>The connection token: used again for every attempt until it runs out or is refused with 109, and replaced while connected
/// before it does.</summary>
internal sealed class Credentials(Surroundings around)
{
    private TimeSpan _expires = TimeSpan.MaxValue;
    private string? _token;
    private int _tries;

    /// <summary>When to fetch the next token.</summary>
    public TimeSpan NextDue { get; private set; } = TimeSpan.MaxValue;

    /// <summary>The token in hand, which may have run out since the attempt began.</summary>
    public string Current => _token ?? "";

    public string? Valid(TimeSpan now) => now < _expires ? _token : null;

    public void Drop() => _token = null;

    public void Lost() => NextDue = TimeSpan.MaxValue;

    public void Fetched(TokenPurpose purpose, string token)
    {
        _token = token;
        _expires = TimeSpan.MaxValue;
        around.Observer.Token(purpose == TokenPurpose.Refresh ? "refresh" : "connect");
        if (purpose == TokenPurpose.Refresh && around.Wire.Authenticated)
        {
            var id = around.Wire.Expect(Ask.Refresh);
            around.Wire.Send(FrameWriter.Start().Refresh(id, token));
        }
    }

    public void RefreshFailed(TimeSpan now)
    {
        if (around.Wire.Authenticated)
            NextDue = now + around.RetryDelay(_tries++);
    }

    /// <summary>Takes the lifetime out of a connect or refresh reply.</summary>
    public void Accepted(JsonElement? result, TimeSpan now)
    {
        _tries = 0;
        (_expires, NextDue) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        if (result is not { } reply || !reply.Flag("expires"u8) || reply.Number("ttl"u8) is not (> 0 and < 1e9 and var ttl))
            return;
        _expires = now + TimeSpan.FromSeconds(ttl);
        NextDue = now + around.RefreshAfter(ttl);
    }

    public void RefreshRefused(JsonElement error, TimeSpan now)
    {
        around.Observer.Error(error.Code(), $"refresh: {error.Text("message"u8)}");
        if (error.Code() == ErrorCodes.TokenExpired || ErrorCodes.IsTemporary(error.Code(), error.Flag("temporary"u8)))
            RefreshFailed(now);
    }

    public void Tick(TimeSpan now)
    {
        if (now < NextDue)
            return;
        NextDue = TimeSpan.MaxValue;
        around.Actions.FetchToken(TokenPurpose.Refresh, null);
    }
}
