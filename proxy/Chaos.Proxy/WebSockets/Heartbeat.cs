namespace Chaos.Proxy.WebSockets;

/// <summary>
/// Times the heartbeats of one connection, as its upstream has them: from the arrival of its ping to the delivery of the pong, with whatever faults add on
/// both ways. A ping is one of RFC 6455, or an empty JSON object in a text frame (Centrifugo's protocol), told by its two bytes. Not timed are those whose
/// answer a message fault held in its hands.
/// </summary>
internal sealed class Heartbeat
{
    private const int TextOpcode = 1;
    private const int EmptyObject = 2;

    private long _askedNs;

    /// <summary>Whether the frame asks for an answer.</summary>
    public static bool IsPing(in FrameReader frames) => frames.Opcode == FrameReader.PingOpcode || IsEmptyObject(frames);

    /// <summary>Whether the frame may be the answer.</summary>
    public static bool IsPong(in FrameReader frames) => frames.Opcode == FrameReader.PongOpcode || IsEmptyObject(frames);

    /// <summary>The upstream asks; while an earlier question is open, that one counts.</summary>
    public void Asked(long nowNs) => Interlocked.CompareExchange(ref _askedNs, nowNs, 0);

    /// <summary>The answer was delivered.</summary>
    /// <returns>How long it took; null when nobody had asked.</returns>
    public TimeSpan? Answered(long nowNs) => Interlocked.Exchange(ref _askedNs, 0) is > 0 and var asked ? TimeSpan.FromMicroseconds((nowNs - asked) / 1000.0) : null;

    private static bool IsEmptyObject(in FrameReader frames) => frames.Opcode == TextOpcode && frames.PayloadLength == EmptyObject;
}
