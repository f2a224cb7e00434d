using System.Diagnostics;
using System.Net.Sockets;

namespace Chaos.Benchmarks.Load;

/// <summary>
/// One connection of a <see cref="TrafficLoad"/>. A receive is always under way on it, and what follows from what comes happens where
/// it completes; nothing is allocated after the start.
/// </summary>
internal sealed class TrafficConnection : IDisposable
{
    private const int CheckedOfBlock = 64;
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly Traffic _traffic;
    private readonly TrafficLoad _load;
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly SocketAsyncEventArgs _send = new();
    private readonly byte[] _requests;
    private readonly byte[] _expected;
    private bool _playing;
    private bool _sending;
    private bool _disposed;
    private int _free;
    private long _owedBytes;
    private int _place;
    private long _askedAt;
    private long _bytes;

    public TrafficConnection(Socket socket, Traffic traffic, TrafficLoad load)
    {
        (_socket, _traffic, _load) = (socket, traffic, load);
        _requests = [.. Enumerable.Repeat(traffic.Request, traffic.Window).SelectMany(r => r)];
        // Once more than once, so that a part that wraps around is one piece too.
        _expected = traffic.Window == 1 ? traffic.Reply : [.. traffic.Reply, .. traffic.Reply];
        _receive.SetBuffer(new byte[traffic.Reply.Length]);
        _receive.Completed += (_, _) => Guarded(Received);
        _send.Completed += (_, _) => Guarded(() =>
        {
            Sent();
            Continue();
        });
        // On a thread of the pool: this one may be busy with others when the first answer comes.
        ThreadPool.UnsafeQueueUserWorkItem(static self => self.Guarded(self.Listen), this, preferLocal: false);
    }

    private bool IsBulk => _traffic.Window > 1;

    /// <summary>Asks for as many units as may be under way.</summary>
    public void Begin()
    {
        lock (_gate) (_free, _playing) = (_traffic.Window, true);
        Guarded(Continue);
    }

    /// <summary>Bytes that came in time since the last call.</summary>
    public long TakeBytes() => Interlocked.Exchange(ref _bytes, 0);

    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _socket.Dispose();
        _receive.Dispose();
        _send.Dispose();
    }

    private void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (Volatile.Read(ref _disposed) && e is SocketException or ObjectDisposedException)
        {
            // The load is over.
        }
        catch (Exception e)
        {
            _load.Fail(e);
        }
    }

    // What follows from the state of things: ask for more, wait, or rest.
    private void Continue()
    {
        while (true)
        {
            int units;
            lock (_gate)
            {
                if (_sending || !_playing) return;
                if (!_load.IsOn(Stopwatch.GetTimestamp()))
                {
                    if (_owedBytes > 0) return;
                    _playing = false;
                    units = 0;
                }
                else
                {
                    // Bulk is asked for in halves of the window, so that requests cost next to nothing.
                    if (_free == 0 || (IsBulk && _free < _traffic.Window / 2)) return;
                    (units, _free, _sending) = (_free, 0, true);
                    _owedBytes += (long)units * _traffic.Reply.Length;
                }
            }

            if (units == 0)
            {
                _load.Rest();
                return;
            }

            _askedAt = Stopwatch.GetTimestamp();
            _send.SetBuffer(_requests, 0, units * _traffic.Request.Length);
            if (_socket.SendAsync(_send)) return;
            Sent();
        }
    }

    private void Sent()
    {
        if (_send.SocketError != SocketError.Success) throw new SocketException((int)_send.SocketError);
        lock (_gate) _sending = false;
    }

    private void Listen()
    {
        while (!_socket.ReceiveAsync(_receive)) Take();
    }

    private void Received()
    {
        Take();
        Listen();
    }

    private void Take()
    {
        if (_receive.SocketError != SocketError.Success) throw new SocketException((int)_receive.SocketError);
        var count = _receive.BytesTransferred;
        if (count == 0) throw new EndOfStreamException("The connection was closed.");
        Check(count);
        var now = Stopwatch.GetTimestamp();
        var isOn = _load.IsOn(now);
        if (isOn) _bytes += count;
        _place += count;
        var units = _place / _traffic.Reply.Length;
        _place %= _traffic.Reply.Length;
        if (units > 0 && isOn && !IsBulk) _load.Record(_askedAt, now);
        lock (_gate)
        {
            _owedBytes -= count;
            _free += units;
        }

        if (units > 0) Continue();
    }

    // Every byte of a message; of blocks the beginning of each piece, which shows whether anything is missing before it.
    private void Check(int count)
    {
        var got = _receive.MemoryBuffer.Span[..(IsBulk ? Math.Min(count, CheckedOfBlock) : count)];
        if (_place + got.Length > _expected.Length || !got.SequenceEqual(_expected.AsSpan(_place, got.Length)))
            throw new InvalidDataException("What came back differs from what was sent.");
    }
}
