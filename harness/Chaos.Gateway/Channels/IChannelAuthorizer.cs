using Chaos.Gateway.Auth;
using Chaos.Gateway.Protocol;

namespace Chaos.Gateway.Channels;

/// <summary>What a client wants to do on a channel.</summary>
internal enum ChannelAction
{
    Subscribe,
    Publish,
    History,
}

/// <summary>A wish to use a channel.</summary>
/// <param name="Who">The connection's identity.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Action">What for.</param>
/// <param name="Token">Subscription token, if one was sent.</param>
/// <param name="HeldUntil">When a subscription to this channel that the session holds by token ends; null when it holds none.</param>
internal sealed record ChannelRequest(Identity Who, string Channel, ChannelAction Action, string? Token = null, DateTimeOffset? HeldUntil = null);

/// <summary>The answer.</summary>
/// <param name="Error">Null when allowed.</param>
/// <param name="Expires">When a subscription that rests on a token ends.</param>
internal sealed record ChannelDecision(ProtocolError? Error, DateTimeOffset? Expires = null);

/// <summary>Decides who may do what on which channel.</summary>
internal interface IChannelAuthorizer
{
    /// <exception cref="Dependencies.DependencyUnavailableException">It cannot be decided now.</exception>
    ValueTask<ChannelDecision> DecideAsync(ChannelRequest request);
}
