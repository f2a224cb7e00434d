using Microsoft.AspNetCore.Http.Features;

namespace Chaos.Proxy.WebSockets;

/// <summary>Stands in for the server's upgrade feature, so that YARP's copying goes through the lanes.</summary>
internal sealed class UpgradeHook(WebSocketConnection connection) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => true;

    public Task<Stream> UpgradeAsync() => connection.UpgradeAsync();
}

/// <summary>
/// Stands in for the server's lifetime feature. The server ends a request the moment the client is gone; behind a black
/// hole the upstream must not learn of that.
/// </summary>
internal sealed class LinkLifetime(IHttpRequestLifetimeFeature inner, CancellationToken over) : IHttpRequestLifetimeFeature
{
    public CancellationToken RequestAborted { get; set; } = over;

    public void Abort() => inner.Abort();
}
