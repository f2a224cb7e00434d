using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Chaos.Proxy.Links;
using HdrHistogram;

namespace Chaos.Benchmarks.Load;

/// <summary>
/// Sends small messages one way, at times that were fixed before, over many connections in turn, and receives them at the other end. The
/// time of a message runs from when it was to be sent to when it is there: what the generator itself is late by is in it.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private const int PayloadBytes = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Socket[] _from;
    private readonly Socket[] _to;
    private readonly Task[] _receiving;
    private readonly byte[] _message;
    private readonly int _payloadAt;
    private readonly ThreadHistograms _times = new();
    private readonly PreciseWait _wait = PreciseWait.Create();
    private long _countFrom;
    private long _received;

    private OpenLoop(Protocol protocol, Way way, Socket[] near, Socket[] far)
    {
        (_from, _to) = way == Way.Upstream ? (near, far) : (far, near);
        // The mask is zero, so that the time in the payload stays readable.
        byte[] header = (protocol, way) switch
        {
            (Protocol.Tcp, _) => [],
            (_, Way.Upstream) => [0x82, 0x80 | PayloadBytes, 0, 0, 0, 0],
            _ => [0x82, PayloadBytes],
        };
        _message = [.. header, .. Traffic.Pattern(PayloadBytes)];
        _payloadAt = header.Length;
        _receiving = [.. _to.Select(ReceiveAsync)];
    }

    /// <summary>Size of a message on the wire.</summary>
    public int MessageBytes => _message.Length;

    public static async Task<OpenLoop> OpenAsync(IPEndPoint peer, FarEnd farEnd, Protocol protocol, Way way, int connections)
    {
        var far = farEnd.TakeAsync(connections);
        var near = await Opening.OpenAllAsync(peer, protocol, Traffic.EchoMode, connections);
        return new OpenLoop(protocol, way, near, await far);
    }

    /// <summary>Sends at a rate for a time, and waits for the last one to arrive.</summary>
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
            if (Stopwatch.GetElapsedTime(over) > Patience) throw new TimeoutException($"{before + sent - _received} of {sent} messages did not come within {Patience.TotalSeconds} s.");
            _wait.Wait(Monotonic.NowNs + 1_000_000);
        }

        var times = Tally.CreateHistogram();
        _times.MoveTo(times);
        return (times, sent);
    }

    public void Dispose()
    {
        foreach (var socket in _from.Concat(_to)) socket.Dispose();
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
            BinaryPrimitives.WriteInt64LittleEndian(_message.AsSpan(_payloadAt), at);
            _from[i % _from.Length].Send(_message);
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        var buffer = new byte[MessageBytes * 64];
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
            var whole = have / MessageBytes;
            for (var i = 0; i < whole; i++)
            {
                var at = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(i * MessageBytes + _payloadAt));
                if (at >= Volatile.Read(ref _countFrom)) _times.Record(now - at);
            }

            buffer.AsSpan(whole * MessageBytes, have - whole * MessageBytes).CopyTo(buffer);
            have -= whole * MessageBytes;
            Interlocked.Add(ref _received, whole);
        }
    }
}
