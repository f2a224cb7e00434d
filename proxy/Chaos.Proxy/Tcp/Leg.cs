using System.Net.Security;
using System.Net.Sockets;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tls;

namespace Chaos.Proxy.Tcp;

/// <summary>One side of a TCP connection. It delivers what is written, in the clear or over TLS.</summary>
internal abstract class Leg(Socket socket) : ILaneSink, IDisposable
{
    public Socket Socket { get; } = socket;

    public static Leg Plain(Socket socket) => new PlainLeg(socket);

    /// <param name="tls">On top of the socket.</param>
    public static Leg Secured(Socket socket, SslStream tls) => new TlsLeg(socket, tls);

    /// <summary>Bytes read; 0 at the end. With an empty buffer it waits until there are some.</summary>
    /// <exception cref="SocketException">The peer has reset the connection, or it is cut.</exception>
    /// <exception cref="IOException">The same, over TLS.</exception>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> data);

    /// <summary>Ends this direction in order; the other one stays open.</summary>
    public abstract ValueTask EndAsync();

    public virtual void Dispose() => Socket.Dispose();

    private sealed class PlainLeg(Socket socket) : Leg(socket)
    {
        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => Socket.ReceiveAsync(buffer, SocketFlags.None);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> data)
        {
            var send = Socket.SendAsync(data, SocketFlags.None, CancellationToken.None);
            if (!send.IsCompletedSuccessfully) return FinishAsync(send, data);
            var sent = send.Result;
            return sent == data.Length ? default : FinishAsync(new ValueTask<int>(sent), data);
        }

        public override ValueTask EndAsync()
        {
            Socket.End();
            return default;
        }

        private async ValueTask FinishAsync(ValueTask<int> send, ReadOnlyMemory<byte> data)
        {
            for (var sent = await send.ConfigureAwait(false); sent < data.Length;)
                sent += await Socket.SendAsync(data[sent..], SocketFlags.None, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private sealed class TlsLeg(Socket socket, SslStream tls) : Leg(socket)
    {
        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => tls.ReadAsync(buffer);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> data) => tls.WriteAsync(data);

        public override ValueTask EndAsync() => new(Socket.EndAsync(tls));

        public override void Dispose()
        {
            base.Dispose();
            tls.Dispose();
        }
    }
}
