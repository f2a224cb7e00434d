using System.Net.Sockets;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.Tls;

namespace Chaos.Proxy.Http;

/// <summary>A request that gets an upstream connection of its own.</summary>
internal interface IUpstreamUser
{
    /// <summary>The connection is this request's from now on.</summary>
    /// <param name="socket">Its socket, so that a fault can reset it.</param>
    /// <param name="stream">What to read from and write to; whoever disposes it closes the socket.</param>
    /// <returns>The stream as the forwarder is to see it.</returns>
    Stream Take(Socket socket, Stream stream);
}

/// <summary>
/// An upstream connection as the HTTP client sees it. The client may give a connection that was dialled for one request
/// to another, where the first one was cancelled meanwhile. So it is only known whose it is when the first byte of a
/// request is written.
/// </summary>
internal sealed class UpstreamStream(Dialled dialled) : Stream
{
    private static readonly AsyncLocal<IUpstreamUser?> Sender = new();

    private Stream _stream = (Stream?)dialled.Tls ?? new NetworkStream(dialled.Socket, ownsSocket: true);
    private bool _taken;

    /// <summary>What is sent in this flow of control from now on belongs to <paramref name="user"/>.</summary>
    public static void SendFor(IUpstreamUser user) => Sender.Value = user;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _stream.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _stream.ReadAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_taken) Take();
        return _stream.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _stream.FlushAsync(cancellationToken);

    public override void Flush() => _stream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reads are asynchronous.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Writes are asynchronous.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _stream == dialled.Tls) _ = dialled.Socket.CloseAsync(_stream);
        else if (disposing) _stream.Dispose();
        base.Dispose(disposing);
    }

    private void Take()
    {
        _taken = true;
        if (Sender.Value is { } user) _stream = user.Take(dialled.Socket, _stream);
    }
}
