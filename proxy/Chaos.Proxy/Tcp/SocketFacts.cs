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

    // Of a listening socket these two are the length of its queue and the limit of that.
    private const int UnackedOffset = 24;
    private const int SackedOffset = 28;

    // SO_MEMINFO of linux/sock_diag.h: since Linux 4.12.
    private const int SocketLevel = 1;
    private const int MemInfo = 55;
    private const int DropsOffset = 8 * sizeof(int);

    /// <summary>
    /// Bytes that the peer's machine has acknowledged; null where the kernel does not tell, and once the socket is closed.
    /// </summary>
    public static long? BytesAcknowledged(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> info = stackalloc byte[BytesAckedOffset + sizeof(long)];
        return TryRead(socket, TcpLevel, TcpInfo, info) ? MemoryMarshal.Read<long>(info[BytesAckedOffset..]) : null;
    }

    /// <summary>No further connection fits in the queue of a listening socket; null where the kernel does not tell.</summary>
    public static bool? IsAcceptQueueFull(Socket listener)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> info = stackalloc byte[SackedOffset + sizeof(int)];
        return TryRead(listener, TcpLevel, TcpInfo, info) ? MemoryMarshal.Read<int>(info[UnackedOffset..]) > MemoryMarshal.Read<int>(info[SackedOffset..]) : null;
    }

    /// <summary>SYNs that a listening socket has dropped; null where the kernel does not tell.</summary>
    public static long? DroppedConnects(Socket listener)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> info = stackalloc byte[DropsOffset + sizeof(uint)];
        return TryRead(listener, SocketLevel, MemInfo, info) ? MemoryMarshal.Read<uint>(info[DropsOffset..]) : null;
    }

    private static bool TryRead(Socket socket, int level, int option, Span<byte> info)
    {
        try
        {
            return socket.GetRawSocketOption(level, option, info) == info.Length;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
