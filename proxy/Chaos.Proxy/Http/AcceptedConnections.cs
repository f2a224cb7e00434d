using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Chaos.Proxy.Http;

/// <summary>
/// The server's transport: it serves connections that proxies have accepted on ports of their own. So listeners come and
/// go at run time, and are closed and opened by faults, under one server that never restarts.
/// </summary>
internal sealed class AcceptedConnections : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, 0);

    public void Serve(ConnectionContext connection)
    {
        if (!_accepted.Writer.TryWrite(connection)) connection.Abort();
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new ValueTask<IConnectionListener>(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _accepted.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
