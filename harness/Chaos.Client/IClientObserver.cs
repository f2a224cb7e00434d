using System.Text.Json;

namespace Chaos.Client;

/// <summary>What the application above a client sees. Called from the client's own loop, one call at a time a client.</summary>
public interface IClientObserver
{
    /// <summary>An attempt starts. See <see cref="Chaos.Client.Policies.ClientPolicy"/> for what <paramref name="attempt"/> and the delay mean.</summary>
    void Attempt(int attempt, double delayMs);

    /// <summary>The connect reply arrived.</summary>
    void Connected(string? session, bool resumed, string? node);

    /// <summary>A connection or an attempt ended; the words of <paramref name="cause"/> are those of the journal's client.disconnected.</summary>
    void Disconnected(string cause, int? code, string? reason, bool terminal);

    /// <summary>A subscription is live.</summary>
    void Subscribed(string channel, bool wasRecovering, bool recovered, string? epoch, long offset);

    /// <summary>A subscription ended.</summary>
    void Unsubscribed(string channel, int code, string? reason);

    /// <summary>A publication, after deduplication. <paramref name="data"/> is valid during the call only.</summary>
    void Publication(string channel, JsonElement data, long offset);

    /// <summary>A publish was acknowledged.</summary>
    void PublishAcked(string channel, string mid);

    /// <summary>A publish was refused for good.</summary>
    void PublishFailed(string channel, string mid, int code, string message);

    /// <summary>A token was fetched: "connect", "refresh" or "subscribe".</summary>
    void Token(string purpose);

    /// <summary>Anything else that went wrong.</summary>
    void Error(int? code, string message);
}

/// <summary>Where a client gets its tokens.</summary>
public interface ITokenSource
{
    /// <summary>A connection token for the client's user.</summary>
    ValueTask<string> ConnectTokenAsync(CancellationToken cancel);

    /// <summary>A subscription token, or null where the channel needs none.</summary>
    ValueTask<string?> SubscribeTokenAsync(string channel, CancellationToken cancel);
}
