using System.Net;
using System.Net.Sockets;

namespace Chaos.Proxy.Tcp;

/// <summary>
/// A listening socket that accepts clients, or leaves them hanging: then its queue is as short as it can be and full of
/// the proxy's own connections, so that the kernel drops every SYN that comes.
/// </summary>
/// <param name="socket">Bound, not yet listening; the listener owns it.</param>
/// <param name="accepted">Gets each client.</param>
internal sealed class Listener(Socket socket, Action<Socket> accepted) : IDisposable
{
    private const int Backlog = 1024;

    /// <summary>A queue of length 0 holds one connection on Linux; others may add a few.</summary>
    private const int MaxFillers = 16;

    /// <summary>How long an own connection may take to be queued, in microseconds.</summary>
    private const int FillerPatienceUs = 50_000;

    private readonly List<Socket> _fillers = [];
    private CancellationTokenSource? _accepting;
    private long _droppedBefore;

    public IPEndPoint EndPoint => (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>SYNs that were dropped since it hangs, as far as the kernel tells.</summary>
    public long Dropped => SocketFacts.DroppedConnects(socket) - _droppedBefore ?? 0;

    /// <summary>Accepts clients, from now on or again. Those that hang get through with their next SYN.</summary>
    /// <exception cref="SocketException">The address is in use.</exception>
    public void Accept()
    {
        TakeQueued();
        socket.Listen(Backlog);
        _accepting = new CancellationTokenSource();
        _ = AcceptAsync(_accepting.Token);
    }

    /// <summary>Accepts nobody; what has connected before is still served.</summary>
    /// <exception cref="SocketException">The address is in use.</exception>
    public void Hang()
    {
        StopAccepting();
        socket.Listen(0);
        if (_fillers.Count == 0) TakeQueued();
        while (_fillers.Count < MaxFillers && SocketFacts.IsAcceptQueueFull(socket) != true && Fill())
        {
        }
        _droppedBefore = SocketFacts.DroppedConnects(socket) ?? 0;
    }

    public void Dispose()
    {
        StopAccepting();
        Unlisten();
        socket.Dispose();
        DropFillers();
    }

    // Closing is not enough where a child process is just being started: until it runs it holds copies of all descriptors,
    // and the port would go on listening.
    private void Unlisten()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It does not listen.
        }
    }

    private void StopAccepting()
    {
        _accepting?.Cancel();
        _accepting?.Dispose();
        _accepting = null;
    }

    // Clients that are in the queue already have connected: they are served. The proxy's own connections are dropped.
    private void TakeQueued()
    {
        var own = _fillers.ConvertAll(filler => filler.LocalEndPoint);
        try
        {
            while (IsListening && socket.Poll(0, SelectMode.SelectRead))
            {
                var client = socket.Accept();
                if (own.Contains(client.RemoteEndPoint)) client.Dispose();
                else Serve(client);
            }
        }
        catch (SocketException)
        {
            // A client was gone before it was accepted.
        }
        DropFillers();
    }

    private bool IsListening => (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0;

    // False where the queue is full.
    private bool Fill()
    {
        var target = EndPoint;
        if (target.Address.Equals(IPAddress.Any)) target.Address = IPAddress.Loopback;
        if (target.Address.Equals(IPAddress.IPv6Any)) target.Address = IPAddress.IPv6Loopback;
        var filler = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            filler.Connect(target);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress or SocketError.AlreadyInProgress)
        {
            if (!filler.Poll(FillerPatienceUs, SelectMode.SelectWrite))
            {
                filler.Dispose();
                return false;
            }
        }
        catch (SocketException)
        {
            filler.Dispose();
            return false;
        }
        _fillers.Add(filler);
        return true;
    }

    private void DropFillers()
    {
        foreach (var filler in _fillers)
            filler.Dispose();
        _fillers.Clear();
    }

    private void Serve(Socket client)
    {
        try
        {
            client.NoDelay = true;
            accepted(client);
        }
        catch (SocketException)
        {
            client.Dispose();
        }
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                Serve(await socket.AcceptAsync(stop).ConfigureAwait(false));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument })
            {
                return;
            }
            catch (SocketException)
            {
                // Out of descriptors, or a client that was gone before it was accepted: the next may fare better.
                await Task.Delay(10, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
