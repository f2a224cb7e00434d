using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Chaos.Benchmarks.Servers;

namespace Chaos.Benchmarks.Load;

/// <summary>
/// A number of clients that each open a connection, get an answer on it, close it in order, wait for the other side's end, and begin
/// anew. The time of a connection is that from the connect to the other side's end.
/// </summary>
internal sealed class ConnectLoad(IPEndPoint peer, Protocol protocol, int clients) : ILoad
{
    private const byte Mode = Traffic.EchoMode;
    private static readonly Traffic Message = Traffic.Message(64);

    // FIN, close, masked, code 1000; the mask is zero.
    private static readonly byte[] CloseFrame = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];
    private readonly ThreadHistograms _times = new();

    public void Play(TimeSpan time, Tally tally)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => PlayOneAsync(until)))).GetAwaiter().GetResult();
        _times.MoveTo(tally.Times);
    }

    public void Dispose() => _times.Dispose();

    private async Task PlayOneAsync(long until)
    {
        var buffer = new byte[256];
        for (var begun = Stopwatch.GetTimestamp(); begun < until;)
        {
            using (var socket = await Opening.OpenAsync(peer, protocol, Mode).ConfigureAwait(false))
            {
                if (protocol == Protocol.WebSocket) await SocketLoops.SendAllAsync(socket, CloseFrame).ConfigureAwait(false);
                else
                {
                    await ExchangeAsync(socket, buffer).ConfigureAwait(false);
                    socket.Shutdown(SocketShutdown.Send);
                }

                while (await socket.ReceiveAsync(buffer).ConfigureAwait(false) > 0)
                {
                }
            }

            var now = Stopwatch.GetTimestamp();
            if (now <= until) _times.Record((long)Stopwatch.GetElapsedTime(begun, now).TotalNanoseconds);
            begun = now;
        }
    }

    private static async Task ExchangeAsync(Socket socket, byte[] buffer)
    {
        await SocketLoops.SendAllAsync(socket, Message.Request).ConfigureAwait(false);
        var count = 0;
        while (count < Message.Reply.Length) count += await Opening.ReceiveAsync(socket, buffer.AsMemory(count)).ConfigureAwait(false);
        if (!buffer.AsSpan(0, count).SequenceEqual(Message.Reply)) throw new InvalidDataException("What came back differs from what was sent.");
    }
}
