using System.Net.Sockets;

namespace Chaos.Proxy.Tests.Tls;

/// <summary>Reads a socket for a TLS stream, and notes the types of the records that come: 21 is an alert, 23 is data (TLS 1.2).</summary>
internal sealed class RecordTap(Socket socket) : NetworkStream(socket, ownsSocket: false)
{
    public const byte Alert = 21;

    private readonly byte[] _header = new byte[5];
    private int _have;
    private int _left;

    /// <summary>Type of the last record that began.</summary>
    public byte Last { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await base.ReadAsync(buffer, cancellationToken);
        foreach (var b in buffer.ToArray().AsSpan(0, bytes))
        {
            if (_left > 0)
            {
                _left--;
                continue;
            }
            _header[_have++] = b;
            if (_have < _header.Length) continue;
            (_have, Last, _left) = (0, _header[0], (_header[3] << 8) | _header[4]);
        }
        return bytes;
    }
}
