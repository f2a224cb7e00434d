using System.Security.Cryptography;

namespace Chaos.Client.Sockets;

/// <summary>
/// A watched stream that can send WebSocket pings between the frames of the socket above it. <see cref="System.Net.WebSockets.ClientWebSocket"/>
/// pings too, but only into silence, and never again once a ping was not answered. It writes each frame with one call, so what comes between two
/// calls comes between two frames.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The semaphore has no handle to give back.")]
internal sealed class PingingStream(Stream inner, Action onBytes) : WatchedStream(inner, onBytes)
{
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Sends a ping without payload, after the frame that is being written.</summary>
    public async Task PingAsync(CancellationToken cancel)
    {
        // FIN and opcode 9; masked, of no length, and then the mask (RFC 6455, 5.2).
        var frame = new byte[6];
        (frame[0], frame[1]) = (0x89, 0x80);
        RandomNumberGenerator.Fill(frame.AsSpan(2));
        await WriteAsync(frame, cancel);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await base.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
