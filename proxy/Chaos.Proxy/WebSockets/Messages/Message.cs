using System.Buffers;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.WebSockets.Messages;

/// <summary>A frame within the bytes of a message.</summary>
/// <param name="Offset">Where its header begins.</param>
/// <param name="HeaderLength">Bytes of its header.</param>
/// <param name="Length">Bytes of header and payload.</param>
/// <param name="Item">What transport faults decided about it.</param>
internal readonly record struct MessageFrame(int Offset, int HeaderLength, int Length, LaneItem? Item)
{
    public int PayloadOffset => Offset + HeaderLength;

    public int PayloadLength => Length - HeaderLength;
}

/// <summary>A whole WebSocket message as it came: its frames, one after the other, without the control frames between them.</summary>
internal sealed class Message(long ordinal, byte firstByte)
{
    private const byte Compressed = 0x40;

    private readonly List<MessageFrame> _frames = new(1);
    private byte[] _buffer = [];

    /// <summary>Ordinal among the data messages of its direction, from 0.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>FIN, reserved bits and opcode of its first frame.</summary>
    public byte FirstByte { get; } = firstByte;

    public bool IsText => (FirstByte & 0x0F) == 1;

    /// <summary>Its payload is compressed (RSV1, RFC 7692).</summary>
    public bool IsCompressed => (FirstByte & Compressed) != 0;

    public int Length { get; private set; }

    /// <summary>Frames that are complete.</summary>
    public IReadOnlyList<MessageFrame> Frames => _frames;

    public Span<byte> Bytes => _buffer.AsSpan(0, Length);

    public int PayloadLength => _frames.Sum(frame => frame.PayloadLength);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + bytes.Length, 2 * Length));
            Bytes.CopyTo(larger);
            Free();
            _buffer = larger;
        }
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>The bytes since the frame before are a whole frame.</summary>
    public void EndFrame(int headerLength, LaneItem? item)
    {
        var offset = _frames.Count == 0 ? 0 : _frames[^1].Offset + _frames[^1].Length;
        _frames.Add(new MessageFrame(offset, headerLength, Length - offset, item));
    }

    /// <summary>Takes other bytes, which are a single frame.</summary>
    public void Become(byte[] frame, int headerLength)
    {
        var item = _frames[0].Item;
        _frames.Clear();
        Length = 0;
        Append(frame);
        EndFrame(headerLength, item);
    }

    /// <summary>Gives its buffer back.</summary>
    public void Free()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
