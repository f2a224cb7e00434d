using System.Net.Sockets;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.WebSockets;

namespace Chaos.Proxy.Control;

/// <summary>What a proxy is made from.</summary>
/// <param name="Listen">host:port; port 0 takes a free one.</param>
/// <param name="Upstream">host:port, or a comma-separated list.</param>
/// <param name="WebSocket">Its kind: WebSocket, else TCP.</param>
/// <param name="Region">Label of its connections.</param>
internal sealed record ProxySettings(string Name, string Listen, string Upstream, bool WebSocket, string? Region);

/// <summary>A proxy: its port, its link, and the way from one to the other.</summary>
internal sealed class ManagedProxy : IDisposable
{
    private readonly Lock _gate = new();
    private readonly WebSocketServer _server;
    private ListenPort _port;
    private WebSocketProxy? _webSocket;
    private Upstreams _upstreams;
    private bool _isOpen;

    /// <summary>Takes the port, but does not listen yet.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    /// <exception cref="FormatException">An address is malformed.</exception>
    public ManagedProxy(ProxySettings settings, Link link, WebSocketServer server)
    {
        Link = link;
        _server = server;
        _upstreams = Upstreams.Parse(settings.Upstream);
        _webSocket = settings.WebSocket ? new WebSocketProxy(link, _upstreams, settings.Region) : null;
        _port = new ListenPort(settings.Listen, Accept);
        // Toxiproxy shows the address that was resolved, once there is one.
        Settings = settings with { Listen = _port.EndPoint.ToString() };
        AskedListen = settings.Listen;
    }

    public ProxySettings Settings { get; private set; }

    /// <summary>The listen address as it was given: what populate compares with.</summary>
    public string AskedListen { get; private set; }

    public Link Link { get; }

    public string Name => Settings.Name;

    public bool Enabled { get; private set; }

    /// <summary>Listens and accepts, or closes the port and cuts what is open.</summary>
    /// <exception cref="SocketException">The address is in use.</exception>
    public void SetEnabled(bool enabled)
    {
        lock (_gate)
        {
            Enabled = enabled;
            Settle();
        }
        if (!enabled) CutAll();
    }

    /// <summary>The set of faults changed: one of them may keep the port closed.</summary>
    public void OnFaultsChanged()
    {
        lock (_gate)
            Settle();
    }

    /// <summary>Moves to other addresses; live connections are dropped.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    /// <exception cref="FormatException">An address is malformed.</exception>
    public void Move(string listen, string upstream)
    {
        var upstreams = Upstreams.Parse(upstream);
        lock (_gate)
        {
            if (listen != Settings.Listen && listen != AskedListen)
            {
                var port = new ListenPort(listen, Accept);
                _port.Dispose();
                _isOpen = false;
                _port = port;
                AskedListen = listen;
            }
            _upstreams = upstreams;
            _webSocket?.Dispose();
            _webSocket = Settings.WebSocket ? new WebSocketProxy(Link, upstreams, Settings.Region) : null;
            Settings = Settings with { Listen = _port.EndPoint.ToString(), Upstream = upstream };
            Settle();
        }
        CutAll();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Enabled = false;
            _port.Dispose();
            _isOpen = false;
        }
        CutAll();
        _webSocket?.Dispose();
    }

    private void Settle()
    {
        var open = Enabled && !Link.Faults.Any(fault => fault.Definition.Behaviour is DownFault);
        if (open == _isOpen) return;
        if (open) _port.Open();
        else _port.Close();
        _isOpen = open;
        if (open) Settings = Settings with { Listen = _port.EndPoint.ToString() };
    }

    private void CutAll()
    {
        foreach (var connection in Link.Open())
            connection.Stop();
    }

    private void Accept(Socket socket)
    {
        if (_webSocket is { } webSocket) _server.Serve(webSocket, socket);
        else _ = new TcpConnection(Link, socket, _upstreams).RunAsync();
    }
}
