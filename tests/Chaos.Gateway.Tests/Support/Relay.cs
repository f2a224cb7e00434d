using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Chaos.Gateway.Tests.Support;

/// <summary>A TCP relay in front of a store, to take the store away: refuse, stall, delay.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _listen;
    private Socket? _listener;
    private TaskCompletionSource _flows = Flowing();

    public Relay(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener = Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listen = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync(_listener);
    }

    public string Address => _listen.ToString();

    /// <summary>Added to each chunk in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Refuses connections and cuts those there are.</summary>
    public void Down()
    {
        _listener?.Dispose();
        _listener = null;
        Cut();
    }

    public void Up()
    {
        _listener = Bind(_listen);
        _ = AcceptAsync(_listener);
    }

    public void Cut()
    {
        foreach (var socket in _sockets.Keys) socket.Close(0);
    }

    /// <summary>Holds all bytes back until <see cref="Flow"/>.</summary>
    public void Stall() => _flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Flow() => _flows.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Flow();
        Down();
        _stop.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        flows.SetResult();
        return flows;
    }

    private static Socket Bind(IPEndPoint at)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(at);
        socket.Listen();
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Down.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        _sockets[near] = _sockets[far] = 0;
        try
        {
            await far.ConnectAsync(_target);
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The store is away itself.
        }
        _sockets.TryRemove(near, out _);
        _sockets.TryRemove(far, out _);
        near.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var queue = System.Threading.Channels.Channel.CreateUnbounded<(long At, byte[] Bytes)>();
        var writing = WriteAsync(queue.Reader, to);
        var buffer = new byte[65_536];
        try
        {
            for (int n; (n = await from.ReceiveAsync(buffer)) > 0;) queue.Writer.TryWrite((TimeProvider.System.GetTimestamp(), buffer[..n]));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
        queue.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync(System.Threading.Channels.ChannelReader<(long At, byte[] Bytes)> queue, Socket to)
    {
        try
        {
            await foreach (var (at, bytes) in queue.ReadAllAsync(_stop.Token))
            {
                await _flows.Task;
                var wait = Delay - TimeProvider.System.GetElapsedTime(at);
                if (wait > TimeSpan.Zero) await Task.Delay(wait);
                await to.SendAsync(bytes);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }
}
