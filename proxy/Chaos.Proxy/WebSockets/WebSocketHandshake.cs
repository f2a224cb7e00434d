using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Chaos.Proxy.WebSockets;

/// <summary>
/// How a client asks for a WebSocket: by an upgrade of its connection (HTTP/1.1), or by an extended CONNECT for a stream
/// of it (HTTP/2, RFC 8441).
/// </summary>
internal sealed class WebSocketHandshake
{
    private const string Protocol = "websocket";

    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;

    private WebSocketHandshake(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect) => (_upgrade, _connect) = (upgrade, connect);

    /// <summary>Status of a handshake that succeeds.</summary>
    public int Success => _connect is null ? StatusCodes.Status101SwitchingProtocols : StatusCodes.Status200OK;

    /// <summary>Null where the request asks for none.</summary>
    public static WebSocketHandshake? Of(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            return string.Equals(connect.Protocol, Protocol, StringComparison.OrdinalIgnoreCase) ? new WebSocketHandshake(null, connect) : null;
        return context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade
            && context.Request.Headers.Upgrade.ToString().Equals(Protocol, StringComparison.OrdinalIgnoreCase) ? new WebSocketHandshake(upgrade, null) : null;
    }

    /// <summary>Answers it: frames begin.</summary>
    public async Task<Stream> AcceptAsync() =>
        _upgrade is not null ? await _upgrade.UpgradeAsync().ConfigureAwait(false) : await _connect!.AcceptAsync().ConfigureAwait(false);

    /// <summary>Stands in for the server's features, so that YARP's copying goes through the lanes.</summary>
    public void Divert(HttpContext context, WebSocketConnection connection)
    {
        if (_upgrade is not null) context.Features.Set<IHttpUpgradeFeature>(new UpgradeHook(connection));
        else context.Features.Set<IHttpExtendedConnectFeature>(new ConnectHook(connection));
    }

    private sealed class UpgradeHook(WebSocketConnection connection) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => true;

        public Task<Stream> UpgradeAsync() => connection.UpgradeAsync();
    }

    private sealed class ConnectHook(WebSocketConnection connection) : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => true;

        public string Protocol => WebSocketHandshake.Protocol;

        public ValueTask<Stream> AcceptAsync() => new(connection.UpgradeAsync());
    }
}
