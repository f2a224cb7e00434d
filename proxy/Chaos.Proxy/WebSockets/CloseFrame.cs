using System.Buffers.Binary;
using System.Text;

namespace Chaos.Proxy.WebSockets;

/// <summary>Makes close frames (RFC 6455, 5.5.1).</summary>
internal static class CloseFrame
{
    /// <summary>A close frame with a code and a reason of at most 123 bytes.</summary>
    /// <param name="masked">For the upstream, which must be sent masked frames; the mask is zero, so the payload stays readable.</param>
    public static byte[] Create(int code, string reason, bool masked)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        var header = masked ? 6 : 2;
        var frame = new byte[header + 2 + text.Length];
        frame[0] = 0x80 | FrameReader.CloseOpcode;
        frame[1] = (byte)((masked ? 0x80 : 0) | (2 + text.Length));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(header), (ushort)code);
        text.CopyTo(frame, header + 2);
        return frame;
    }
}
