namespace Chaos.Proxy.Control;

/// <summary>What a proxy is made from.</summary>
/// <param name="Listen">host:port; port 0 takes a free one.</param>
/// <param name="Upstream">host:port, or a comma-separated list.</param>
/// <param name="WebSocket">Its kind: WebSocket, else TCP.</param>
/// <param name="Region">Label of its connections.</param>
internal sealed record ProxySettings(string Name, string Listen, string Upstream, bool WebSocket, string? Region)
{
    public string Kind => WebSocket ? "websocket" : "tcp";
}
