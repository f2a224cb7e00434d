namespace Chaos.Benchmarks;

/// <summary>The ways from the load generator to the server that are compared.</summary>
internal static class Peers
{
    /// <summary>Nothing between.</summary>
    public const string Direct = "direct";

    /// <summary>Two loops of <see cref="System.Net.Sockets.Socket"/> calls a connection: the least that a proxy in .NET can do.</summary>
    public const string Sockets = "sockets";

    /// <summary>HAProxy, if it is installed: mode tcp, or mode http for WebSocket; two threads.</summary>
    public const string Haproxy = "haproxy";

    /// <summary>YARP as it comes, configured as the proxy configures it where that matters (no activity timeout, HTTP/1.1, no data rates).</summary>
    public const string Yarp = "yarp";

    /// <summary>The proxy with no fault.</summary>
    public const string Chaos = "chaos";

    /// <summary>The proxy with one fault on every connection that does nothing (loss with probability 0): all bytes go through its queues.</summary>
    public const string ChaosIdleFault = "chaos+idle fault";

    /// <summary>The servers behind all of them.</summary>
    public const string TcpServer = "tcp-server";

    /// <inheritdoc cref="TcpServer" />
    public const string WebSocketServer = "websocket-server";

    private const string AgainSuffix = "-again";

    /// <summary>A second process of the same: what its ratio to the first differs from 1 by is noise of the measurement.</summary>
    public static string Again(string peer) => peer + AgainSuffix;

    /// <summary>What a peer is a second process of; itself for all others.</summary>
    public static string Original(string peer) => peer.EndsWith(AgainSuffix, StringComparison.Ordinal) ? peer[..^AgainSuffix.Length] : peer;
}

/// <summary>What is spoken through a peer.</summary>
internal enum Protocol
{
    Tcp,
    WebSocket,
}

/// <summary>The direction in which messages go.</summary>
internal enum Way
{
    Upstream,
    Downstream,
}
