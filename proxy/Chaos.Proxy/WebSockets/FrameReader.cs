using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Chaos.Proxy.WebSockets;

/// <summary>A run of bytes that belongs to one frame.</summary>
/// <param name="Length">Bytes from the start of the given data.</param>
/// <param name="Starts">The frame's first byte is among them.</param>
/// <param name="Ends">The frame's last byte is among them.</param>
internal readonly record struct FramePart(int Length, bool Starts, bool Ends);

/// <summary>
/// Follows the frames of one direction of a WebSocket connection (RFC 6455, 5.2) through any split of the bytes. It
/// alters nothing; reserved bits, masks and fragments are none of its business.
/// </summary>
internal struct FrameReader
{
    public const int CloseOpcode = 8;
    public const int PingOpcode = 9;
    public const int PongOpcode = 10;
    private const int MaxHeader = 14;
    private const int MaxControlPayload = 125;

    private HeaderBytes _header;
    private int _headerHave;
    private int _headerNeed;
    private ulong _payloadLeft;
    private byte[]? _close;
    private int _closeHave;

    /// <summary>Frames whose first byte was seen.</summary>
    public long Started { get; private set; }

    /// <summary>Frames whose last byte was seen.</summary>
    public long Completed { get; private set; }

    /// <summary>No frame is half way through: another may be put in here.</summary>
    public readonly bool AtBoundary => _headerHave == 0;

    /// <summary>First byte of the frame that was read last: FIN, reserved bits, opcode.</summary>
    public byte FirstByte { get; private set; }

    /// <summary>Opcode of the frame that was read last.</summary>
    public readonly int Opcode => FirstByte & 0x0F;

    /// <summary>It is a close, a ping or a pong, which may stand between the fragments of a message.</summary>
    public readonly bool IsControl => Opcode >= CloseOpcode;

    /// <summary>The last data frame was not final: more fragments of its message follow.</summary>
    public bool InMessage { get; private set; }

    /// <summary>Messages (text or binary, whole or in fragments) whose first byte was seen.</summary>
    public long Messages { get; private set; }

    /// <summary>Bytes of the present frame's header. Known when <see cref="HeaderComplete"/>.</summary>
    public readonly int HeaderLength => _headerNeed;

    /// <summary>The present frame's header was read to its end.</summary>
    public readonly bool HeaderComplete => _headerHave != 0 && _headerHave == _headerNeed;

    /// <summary>Bytes of the payload of the frame whose header was read last.</summary>
    public ulong PayloadLength { get; private set; }

    /// <summary>A close frame was read completely.</summary>
    public bool Closed { get; private set; }

    /// <summary>Code of the close frame, if it had one.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Reason of the close frame, if it had one.</summary>
    public string? CloseReason { get; private set; }

    /// <summary>Reads to the end of the present frame, or of <paramref name="data"/>, which must not be empty.</summary>
    public FramePart Next(ReadOnlySpan<byte> data)
    {
        var starts = _headerHave == 0;
        var position = 0;
        if (starts)
        {
            Started++;
            _headerNeed = 2;
            FirstByte = data[0];
            if (!IsControl) StartDataFrame();
        }
        while (_headerHave < _headerNeed)
        {
            if (position == data.Length) return new FramePart(position, starts, false);
            _header[_headerHave++] = data[position++];
            if (_headerHave == 2) ReadShortHeader();
            if (_headerHave == _headerNeed) ReadLength();
        }
        var take = (int)Math.Min(_payloadLeft, (ulong)(data.Length - position));
        if (_close is not null && Opcode == CloseOpcode) CaptureClose(data.Slice(position, take));
        _payloadLeft -= (ulong)take;
        position += take;
        if (_payloadLeft != 0) return new FramePart(position, starts, false);
        EndFrame();
        return new FramePart(position, starts, true);
    }

    private void ReadShortHeader()
    {
        var length = _header[1] & 0x7F;
        _headerNeed = 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + ((_header[1] & 0x80) != 0 ? 4 : 0);
    }

    private void StartDataFrame()
    {
        if (!InMessage) Messages++;
        InMessage = (FirstByte & 0x80) == 0;
    }

    private void ReadLength()
    {
        ReadOnlySpan<byte> header = _header;
        var length = header[1] & 0x7F;
        _payloadLeft = length switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(header[2..]),
            _ => (ulong)length,
        };
        PayloadLength = _payloadLeft;
        if (Opcode != CloseOpcode) return;
        _close ??= new byte[MaxControlPayload];
        _closeHave = 0;
    }

    private void CaptureClose(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> header = _header;
        var mask = (header[1] & 0x80) != 0 ? header.Slice(_headerNeed - 4, 4) : default;
        foreach (var b in payload)
        {
            if (_closeHave == MaxControlPayload) return;
            _close![_closeHave] = mask.IsEmpty ? b : (byte)(b ^ mask[_closeHave & 3]);
            _closeHave++;
        }
    }

    private void EndFrame()
    {
        _headerHave = 0;
        Completed++;
        if (Opcode != CloseOpcode || Closed) return;
        Closed = true;
        if (_closeHave < 2) return;
        CloseCode = BinaryPrimitives.ReadUInt16BigEndian(_close);
        if (_closeHave > 2) CloseReason = Encoding.UTF8.GetString(_close!, 2, _closeHave - 2);
    }

    [InlineArray(MaxHeader)]
    private struct HeaderBytes
    {
        private byte _first;
    }
}
