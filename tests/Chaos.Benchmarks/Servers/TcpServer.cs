using System.Net.Sockets;
using Chaos.Benchmarks.Load;
using Chaos.Proxy.Tcp;

namespace Chaos.Benchmarks.Servers;

/// <summary>
/// The server behind the TCP peers. The first byte of a connection says what it is for: <see cref="Traffic.EchoMode"/> sends back what
/// comes, <see cref="Traffic.DownloadMode"/> sends one block of <see cref="Traffic.BlockBytes"/> for each byte that comes.
/// </summary>
internal static class TcpServer
{
    private static readonly byte[] Block = Traffic.Pattern(Traffic.BlockBytes);

    public static IBenchmarkServer Start()
    {
        // As cheap as it can be, so that what the peers cost stands out.
        InlineSockets.Use();
        return new SocketLoops(ServeAsync);
    }

    private static async Task ServeAsync(Socket socket)
    {
        var buffer = new byte[Traffic.BlockBytes];
        if (await socket.ReceiveAsync(buffer.AsMemory(0, 1)) == 0) return;
        var download = buffer[0] == Traffic.DownloadMode;
        for (int bytes; (bytes = await socket.ReceiveAsync(buffer)) > 0;)
        {
            if (!download) await SocketLoops.SendAllAsync(socket, buffer.AsMemory(0, bytes));
            for (var i = 0; download && i < bytes; i++) await SocketLoops.SendAllAsync(socket, Block);
        }

        socket.Shutdown(SocketShutdown.Send);
    }
}
