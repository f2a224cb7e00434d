using System.Buffers;
using System.Net.Sockets;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tls;

namespace Chaos.Proxy.Tcp;

/// <summary>One TCP connection through a link. Half-close and RST are passed on as they come.</summary>
/// <param name="identity">Who the proxy is to the client; null to talk in the clear.</param>
internal sealed class TcpConnection(Link link, Socket client, ServerIdentity? identity, TlsHandshake handshake, Upstreams upstreams) : LinkConnection(link)
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>Reads in a row that find bytes, after which others get their turn: this may be the thread that handles the events of many sockets.</summary>
    private const int ReadsInARow = 16;

    private static readonly Dictionary<string, string> NoLabels = [];

    /// <summary>How long peers may take to end their side once a fault has ended the proxy's.</summary>
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    private Leg? _client;
    private Leg? _upstream;
    private Ending? _first;
    private bool _killed;

    public override IReadOnlyDictionary<string, string> Labels => NoLabels;

    public override bool IsConnect => true;

    public async Task RunAsync()
    {
        try
        {
            Link.Open(this);
            if (!await Arrival.PassAsync(this).ConfigureAwait(false) || !await MeetAsync().ConfigureAwait(false) || !await DialAsync().ConfigureAwait(false)) return;
            var up = new PushLane(this, Direction.Upstream, framed: false, _upstream!);
            var down = new PushLane(this, Direction.Downstream, framed: false, _client!);
            StartLanes(up, down);
            await Task.WhenAll(CopyAsync(_client!, up), CopyAsync(_upstream!, down)).ConfigureAwait(false);
            // What is still queued arrives late, but arrives; unless a black hole keeps it for good, and the client is gone.
            if (!HasEnded && !down.IsBlackholed)
                await Task.WhenAll(up.DrainAsync(), down.DrainAsync()).ConfigureAwait(false);
            TryEnd(_first ?? new Ending(Ending.Client, Ending.Fin));
        }
        finally
        {
            await OverSource.CancelAsync().ConfigureAwait(false);
            Up?.Abort();
            Down?.Abort();
            client.Dispose();
            _client?.Dispose();
            _upstream?.Dispose();
            Link.Leave(this);
        }
    }

    public override void OnSourceEnded(Lane lane, Exception? failure)
    {
        var ending = new Ending(lane == Up ? Ending.Client : Ending.Upstream, failure is null ? Ending.Fin : Ending.Rst);
        if (lane.IsBlackholed)
        {
            // The other side must not learn of it. That the client is gone is the end of the connection all the same.
            if (lane == Up) TryEnd(_first ?? ending);
            return;
        }
        _first ??= ending;
        if (failure is null) return;
        TryEnd(_first);
        Kill();
    }

    public override void OnSinkFailed(Lane lane, Exception failure)
    {
        TryEnd(_first ?? new Ending(lane == Up ? Ending.Upstream : Ending.Client, Ending.Rst));
        Kill();
    }

    protected override void Kill()
    {
        if (Interlocked.Exchange(ref _killed, true)) return;
        // The resets come first: what waits for the end closes the sockets, and that would be a FIN.
        client.Reset();
        _upstream?.Socket.Reset();
        OverSource.Cancel();
        Up?.Abort();
        Down?.Abort();
    }

    protected override void Close()
    {
        // The copying reads on, and drops, until the peers end too: to close a socket with unread bytes would be an RST.
        Up?.Abort();
        Down?.Abort();
        if (_client is null) client.End();
        else _ = _client.EndAsync().AsTask();
        if (_upstream is not null) _ = _upstream.EndAsync().AsTask();
        _ = CutLateAsync();
    }

    private async Task CutLateAsync()
    {
        await Task.Delay(CloseGrace, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client.Dispose();
        _upstream?.Dispose();
    }

    private async Task<bool> MeetAsync()
    {
        if (identity is null)
        {
            _client = Leg.Plain(client);
            return true;
        }
        try
        {
            _client = Leg.Secured(client, await handshake.WithClientAsync(new NetworkStream(client), identity, Over).ConfigureAwait(false));
            return true;
        }
        catch (TlsException e)
        {
            return Fail(new Ending(Ending.Client, Ending.Tls, Reason: e.Message));
        }
        catch (OperationCanceledException)
        {
            // It was cut.
            return false;
        }
    }

    private bool Fail(Ending ending)
    {
        TryEnd(ending);
        Kill();
        return false;
    }

    private async Task<bool> DialAsync()
    {
        try
        {
            var dialled = await upstreams.DialAsync(Over).ConfigureAwait(false);
            _upstream = dialled.Tls is { } tls ? Leg.Secured(dialled.Socket, tls) : Leg.Plain(dialled.Socket);
            // It may have been killed while the dial was under way.
            if (!Volatile.Read(ref _killed)) return true;
            _upstream.Socket.Reset();
            return false;
        }
        catch (TlsException e)
        {
            return Fail(new Ending(Ending.Upstream, Ending.Tls, Reason: e.Message));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return Fail(new Ending(Ending.Upstream, Ending.Rst));
        }
    }

    private async Task CopyAsync(Leg source, PushLane lane)
    {
        byte[] buffer = [];
        try
        {
            var inARow = 0;
            while (true)
            {
                int bytes;
                try
                {
                    // Waits without a buffer: many silent connections must not hold one each.
                    var readable = source.ReceiveAsync(Memory<byte>.Empty);
                    inARow = readable.IsCompleted ? inARow + 1 : 0;
                    await readable.ConfigureAwait(false);
                    if (inARow == ReadsInARow)
                    {
                        await Task.Yield();
                        inARow = 0;
                    }
                    buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
                    bytes = await source.ReceiveAsync(buffer).ConfigureAwait(false);
                }
                catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
                {
                    OnSourceEnded(lane, e);
                    return;
                }
                if (bytes == 0)
                {
                    OnSourceEnded(lane, null);
                    await lane.EndAsync().ConfigureAwait(false);
                    return;
                }
                try
                {
                    await lane.WriteAsync(buffer.AsMemory(0, bytes)).ConfigureAwait(false);
                }
                catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
                {
                    OnSinkFailed(lane, e);
                    return;
                }
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = [];
            }
        }
        finally
        {
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
