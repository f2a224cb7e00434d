using System.Net;
using System.Net.Sockets;

namespace Chaos.Proxy.Tcp;

/// <summary>What a port does to clients that connect.</summary>
internal enum PortState
{
    /// <summary>The kernel refuses them.</summary>
    Closed,

    /// <summary>They are accepted.</summary>
    Open,

    /// <summary>Their connect does not complete.</summary>
    Hanging,
}

/// <summary>
/// A port that is kept for a proxy's whole life, and listened on only while the proxy is up. While it is down the kernel
/// refuses connections, but the port cannot be taken by anybody else, nor picked for an outgoing connection.
/// </summary>
internal sealed class ListenPort : IDisposable
{
    private const int SolSocket = 1;
    private const int SoReuseAddr = 2;

    private readonly Socket? _reservation;
    private readonly Action<Socket> _accepted;
    private Listener? _listener;

    /// <summary>Reserves the port; port 0 takes a free one.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public ListenPort(string listen, Action<Socket> accepted)
    {
        _accepted = accepted;
        var address = Upstreams.ParseOne(listen);
        var ip = IPAddress.TryParse(address.Host, out var literal) ? literal : Resolve(address.Host);
        EndPoint = new IPEndPoint(ip, address.Port);
        // Elsewhere two sockets cannot share a port in this way, so the listener takes it alone.
        if (!OperatingSystem.IsLinux()) return;
        _reservation = Bind();
        EndPoint = (IPEndPoint)_reservation.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; private set; }

    public PortState State { get; private set; }

    /// <summary>Attempts to connect that came to nothing since it hangs, as far as the kernel tells; it repeats each of them after 1, 3, 7… s.</summary>
    public long Dropped => State == PortState.Hanging ? _listener!.Dropped : 0;

    /// <summary>Changes what it does to clients that connect from now on. For one caller at a time.</summary>
    /// <exception cref="SocketException">The address is in use; it is closed then.</exception>
    public void Set(PortState state)
    {
        if (state == State) return;
        State = PortState.Closed;
        if (state == PortState.Closed)
        {
            _listener?.Dispose();
            _listener = null;
            return;
        }
        if (_listener is null)
        {
            _listener = new Listener(Bind(), _accepted);
            EndPoint = _listener.EndPoint;
        }
        if (state == PortState.Open) _listener.Accept();
        else _listener.Hang();
        State = state;
    }

    public void Dispose()
    {
        Set(PortState.Closed);
        _reservation?.Dispose();
    }

    private static IPAddress Resolve(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : Dns.GetHostAddresses(host)[0];

    private Socket Bind()
    {
        var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // SO_REUSEADDR alone: the runtime's own option would add SO_REUSEPORT, and two listeners could share a port unnoticed.
            if (OperatingSystem.IsLinux()) socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));
            // Every address means that of both families.
            if (EndPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(EndPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
