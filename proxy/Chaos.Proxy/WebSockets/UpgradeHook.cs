using Microsoft.AspNetCore.Http.Features;

namespace Chaos.Proxy.WebSockets;

/// <summary>Stands in for the server's upgrade feature, so that YARP's copying goes through the lanes.</summary>
internal sealed class UpgradeHook(WebSocketConnection connection) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => true;

    public Task<Stream> UpgradeAsync() => connection.UpgradeAsync();
}
