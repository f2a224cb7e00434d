using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Chaos.Proxy.Links;
using HdrHistogram;

namespace Chaos.Benchmarks.Load;

/// <summary>
/// Sends small messages at times that were fixed before, whatever has come back by then, over many connections in turn, to a server that
/// echoes them. The time of a message runs from when it was to be sent to when its echo is there: what the generator itself is late
/// by is in it.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private const int PayloadBytes = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Socket[] _sockets;
    private readonly Task[] _receiving;
    private readonly byte[] _request;
    private readonly int _requestAt;
    private readonly int _replyAt;
    private readonly ThreadHistograms _times = new();
    private readonly PreciseWait _wait = PreciseWait.Create();
    private long _countFrom;
    private long _received;

    private OpenLoop(Socket[] sockets, Protocol protocol)
    {
        _sockets = sockets;
        // A mask of zero, so that the time in the payload stays readable.
        var header = protocol == Protocol.WebSocket ? new byte[] { 0x82, 0x80 | PayloadBytes, 0, 0, 0, 0 } : [];
        _request = [.. header, .. Traffic.Pattern(PayloadBytes)];
        _requestAt = header.Length;
        _replyAt = protocol == Protocol.WebSocket ? 2 : 0;
        ReplyBytes = _replyAt + PayloadBytes;
        _receiving = [.. sockets.Select(ReceiveAsync)];
    }

    /// <summary>Size of an echo on the wire.</summary>
    public int ReplyBytes { get; }

    public static async Task<OpenLoop> OpenAsync(IPEndPoint peer, Protocol protocol, int connections) =>
        new(await Opening.OpenAllAsync(peer, protocol, Traffic.EchoMode, connections), protocol);

    /// <summary>Sends at a rate for a time, and waits for the last echo.</summary>
    /// <param name="perSecond">Messages per second, all connections together.</param>
    /// <param name="warmUp">A time before it, at the same rate, that is not counted.</param>
    /// <returns>Times of the messages in nanoseconds, and how many were sent with the warm-up.</returns>
    public (LongHistogram Times, long Sent) Run(int perSecond, TimeSpan time, TimeSpan warmUp)
    {
        var before = Interlocked.Read(ref _received);
        var sent = (long)((time + warmUp).TotalSeconds * perSecond);
        var start = Monotonic.NowNs + 1_000_000;
        Volatile.Write(ref _countFrom, start + (long)warmUp.TotalNanoseconds);
        // A thread of its own: the timer's precision depends on settings of the thread.
        var sending = new Thread(() => Send(start, perSecond, sent)) { IsBackground = true };
        sending.Start();
        sending.Join();
        var over = Stopwatch.GetTimestamp();
        while (Interlocked.Read(ref _received) < before + sent)
        {
            if (_receiving.FirstOrDefault(task => task.IsFaulted) is { } failed) throw new InvalidOperationException("A connection failed.", failed.Exception);
            if (Stopwatch.GetElapsedTime(over) > Patience) throw new TimeoutException($"{before + sent - _received} of {sent} echoes did not come within {Patience.TotalSeconds} s.");
            _wait.Wait(Monotonic.NowNs + 1_000_000);
        }

        var times = Tally.CreateHistogram();
        _times.MoveTo(times);
        return (times, sent);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
        _times.Dispose();
        _wait.Dispose();
    }

    private void Send(long start, int perSecond, long count)
    {
        _wait.Prepare();
        for (var i = 0L; i < count; i++)
        {
            var at = start + (long)(i * 1e9 / perSecond);
            while (Monotonic.NowNs < at) _wait.Wait(at);
            BinaryPrimitives.WriteInt64LittleEndian(_request.AsSpan(_requestAt), at);
            _sockets[i % _sockets.Length].Send(_request);
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        var buffer = new byte[ReplyBytes * 64];
        var have = 0;
        while (true)
        {
            int count;
            try
            {
                count = await Opening.ReceiveAsync(socket, buffer.AsMemory(have)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }

            var now = Monotonic.NowNs;
            have += count;
            var whole = have / ReplyBytes;
            for (var i = 0; i < whole; i++)
            {
                var at = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(i * ReplyBytes + _replyAt));
                if (at >= Volatile.Read(ref _countFrom)) _times.Record(now - at);
            }

            buffer.AsSpan(whole * ReplyBytes, have - whole * ReplyBytes).CopyTo(buffer);
            have -= whole * ReplyBytes;
            Interlocked.Add(ref _received, whole);
        }
    }
}
