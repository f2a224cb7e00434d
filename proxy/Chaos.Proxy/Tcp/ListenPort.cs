using System.Net;
using System.Net.Sockets;

namespace Chaos.Proxy.Tcp;

/// <summary>
/// A port that is kept for a proxy's whole life, and listened on only while the proxy is up. While it is down the kernel
/// refuses connections, but the port cannot be taken by anybody else, nor picked for an outgoing connection.
/// </summary>
internal sealed class ListenPort : IDisposable
{
    private const int Backlog = 1024;
    private const int SolSocket = 1;
    private const int SoReuseAddr = 2;

    private readonly Socket? _reservation;
    private readonly Action<Socket> _accepted;
    private Socket? _listener;

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

    /// <summary>Starts to accept.</summary>
    /// <exception cref="SocketException">The address is in use.</exception>
    public void Open()
    {
        var listener = Bind();
        try
        {
            listener.Listen(Backlog);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    /// <summary>Stops accepting; new connections are refused from now on.</summary>
    public void Close() => Interlocked.Exchange(ref _listener, null)?.Dispose();

    public void Dispose()
    {
        Close();
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

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument })
            {
                return;
            }
            catch (SocketException)
            {
                // Out of descriptors, or a client that was gone before it was accepted: the next may fare better.
                await Task.Delay(10).ConfigureAwait(false);
                continue;
            }
            try
            {
                client.NoDelay = true;
                _accepted(client);
            }
            catch (SocketException)
            {
                client.Dispose();
            }
        }
    }
}
