namespace Chaos.Proxy.Http;

/// <summary>The body of an answer on its way to the client; the place where a fault resets the connection in its midst.</summary>
internal sealed class AnswerBody(ExchangeFaults faults, Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">A fault has reset the connection.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var (allowed, fault) = faults.Allow(buffer.Length);
        await inner.WriteAsync(buffer[..allowed], cancellationToken).ConfigureAwait(false);
        faults.Sent(allowed);
        if (fault is null) return;
        await faults.ResetAsync(fault).ConfigureAwait(false);
        throw new IOException("The connection was reset by a fault.");
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Flushes are asynchronous.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Writes are asynchronous.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
