using Chaos.Gateway.Channels;
using Chaos.Gateway.Dependencies;

namespace Chaos.Gateway.Upstream;

/// <summary>Asks the upstream service who may do what on which channel.</summary>
internal interface IUpstreamAuthorization
{
    /// <summary>Whether it allows the wish.</summary>
    /// <exception cref="DependencyUnavailableException">It gave no answer. That is neither a yes nor a no.</exception>
    ValueTask<bool> AllowsAsync(ChannelRequest request);
}
