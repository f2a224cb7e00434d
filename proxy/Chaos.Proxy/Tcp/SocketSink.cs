using System.Net.Sockets;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Tcp;

/// <summary>Delivers to a socket.</summary>
internal sealed class SocketSink(Socket socket) : ILaneSink
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        var send = socket.SendAsync(data, SocketFlags.None, CancellationToken.None);
        if (!send.IsCompletedSuccessfully) return FinishAsync(send, data);
        var sent = send.Result;
        return sent == data.Length ? default : FinishAsync(new ValueTask<int>(sent), data);
    }

    public ValueTask EndAsync()
    {
        socket.End();
        return default;
    }

    private async ValueTask FinishAsync(ValueTask<int> send, ReadOnlyMemory<byte> data)
    {
        for (var sent = await send.ConfigureAwait(false); sent < data.Length;)
            sent += await socket.SendAsync(data[sent..], SocketFlags.None, CancellationToken.None).ConfigureAwait(false);
    }
}
