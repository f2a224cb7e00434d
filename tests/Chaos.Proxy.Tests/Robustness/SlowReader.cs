using System.Net.Sockets;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>A sender whose receiver does not read, until it does.</summary>
internal sealed class SlowReader
{
    /// <summary>Buffers at both ends, small, so that little is needed to fill them.</summary>
    public const int BufferBytes = 16 * 1024;

    // More than all buffers and queues on the way hold: a kernel may let the proxy's receive buffer grow to 32 MiB (net.ipv4.tcp_rmem),
    // and its send buffer to 4 MiB.
    private const int TotalBytes = 64 * 1024 * 1024;
    private const int PieceBytes = 64 * 1024;

    private readonly Func<int, byte[]> _piece;
    private readonly Task _sending;
    private long _sent;

    /// <param name="frame">Makes a piece out of its payload; by default it is the payload.</param>
    /// <param name="endless">It sends until it cannot any more.</param>
    public SlowReader(Socket sender, Func<byte[], byte[]>? frame = null, bool endless = false)
    {
        frame ??= payload => payload;
        _piece = n => frame(Payload(n));
        _sending = SendAsync(sender, endless ? int.MaxValue : TotalBytes / PieceBytes);
    }

    /// <summary>Nothing moves any more.</summary>
    public async Task StalledAsync()
    {
        var (last, since) = (-1L, TimeProvider.System.GetTimestamp());
        await Bench.Until(() =>
        {
            var now = Interlocked.Read(ref _sent);
            if (now != last) (last, since) = (now, TimeProvider.System.GetTimestamp());
            return now > 0 && TimeProvider.System.GetElapsedTime(since).TotalMilliseconds > 500;
        });
        Assert.False(_sending.IsCompleted, $"all {_sent} bytes were taken although nobody reads");
    }

    /// <summary>The receiver reads: everything comes, in order.</summary>
    public async Task ReadAllAsync(Socket reader)
    {
        for (var n = 0; n < TotalBytes / PieceBytes; n++)
        {
            var expected = _piece(n);
            var got = await reader.ReadAsync(expected.Length);
            Assert.True(expected.AsSpan().SequenceEqual(got), $"piece {n} differs");
        }
        await _sending;
    }

    /// <summary>The sender cannot go on: it was reset, which its socket says once, and says to be a broken pipe from then on.</summary>
    public async Task FailsAsync()
    {
        var failure = await Assert.ThrowsAsync<SocketException>(() => _sending.WaitAsync(TimeSpan.FromMilliseconds(Bench.Patience)));
        Assert.True(failure.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown, $"it failed with {failure.SocketErrorCode}");
    }

    private async Task SendAsync(Socket sender, int pieces)
    {
        for (var n = 0; n < pieces; n++)
        {
            ReadOnlyMemory<byte> left = _piece(n);
            while (!left.IsEmpty)
            {
                var sent = await sender.SendAsync(left);
                Interlocked.Add(ref _sent, sent);
                left = left[sent..];
            }
        }
    }

    private static byte[] Payload(int n)
    {
        var payload = new byte[PieceBytes];
        for (var i = 0; i < payload.Length; i++) payload[i] = (byte)(n + i * 31);
        return payload;
    }
}
