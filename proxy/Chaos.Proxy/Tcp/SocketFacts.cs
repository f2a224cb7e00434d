using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Chaos.Proxy.Tcp;

/// <summary>What the kernel knows of a socket.</summary>
internal static class SocketFacts
{
    // struct tcp_info of linux/tcp.h: the field is there since Linux 4.1.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int BytesAckedOffset = 120;

    /// <summary>
    /// Bytes that the peer's machine has acknowledged; null where the kernel does not tell, and once the socket is closed.
    /// </summary>
    public static long? BytesAcknowledged(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> info = stackalloc byte[BytesAckedOffset + sizeof(long)];
        try
        {
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, info) < info.Length ? null : MemoryMarshal.Read<long>(info[BytesAckedOffset..]);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
