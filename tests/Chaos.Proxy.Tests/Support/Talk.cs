using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Chaos.Proxy.Tests.Support;

/// <summary>Short conversations over sockets.</summary>
internal static class Talk
{
    /// <summary>Sends bytes and reads as many back; returns the time it took in milliseconds.</summary>
    public static async Task<double> EchoAsync(this Socket socket, byte[] data)
    {
        var start = TimeProvider.System.GetTimestamp();
        var read = socket.ReadAsync(data.Length);
        await socket.SendAllAsync(data);
        Assert.Equal(data, await read);
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
            data = data[await socket.SendAsync(data)..];
    }

    public static async Task<byte[]> ReadAsync(this Socket socket, int count, int patienceMs = Bench.Patience)
    {
        using var patience = new CancellationTokenSource(patienceMs);
        var data = new byte[count];
        for (var have = 0; have < count;)
        {
            var n = await socket.ReceiveAsync(data.AsMemory(have), patience.Token);
            if (n == 0) throw new EndOfStreamException($"ended after {have} of {count} bytes");
            have += n;
        }
        return data;
    }

    /// <summary>How a socket ends: "fin", "rst", or "silent" when neither data nor an end comes within the time.</summary>
    public static async Task<string> EndingAsync(this Socket socket, int patienceMs = Bench.Patience)
    {
        using var patience = new CancellationTokenSource(patienceMs);
        try
        {
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
            {
            }
            return "fin";
        }
        catch (OperationCanceledException)
        {
            return "silent";
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionReset ? "rst" : e.SocketErrorCode.ToString();
        }
    }

    public static async Task<double> EchoAsync(this ClientWebSocket socket, string text)
    {
        var start = TimeProvider.System.GetTimestamp();
        await socket.SendTextAsync(text);
        Assert.Equal(text, await socket.ReceiveTextAsync());
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    public static Task SendTextAsync(this ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public static async Task<string> ReceiveTextAsync(this ClientWebSocket socket, int patienceMs = Bench.Patience)
    {
        using var patience = new CancellationTokenSource(patienceMs);
        var buffer = new byte[128 * 1024];
        var have = 0;
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(have), patience.Token);
            if (got.MessageType == WebSocketMessageType.Close) return $"close {(int?)socket.CloseStatus} {socket.CloseStatusDescription}".TrimEnd();
            have += got.Count;
            if (got.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, have);
        }
    }
}
