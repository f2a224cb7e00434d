using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Chaos.Proxy.Http;

/// <summary>One of the server's ways to talk to a client. It is no address: proxies accept on ports of their own.</summary>
internal sealed class ServerEntrance(string name) : EndPoint
{
    public override string ToString() => name;
}

/// <summary>
/// The server's transport: it serves connections that proxies have accepted on ports of their own. So listeners come and
/// go at run time, and are closed and opened by faults, under one server that never restarts.
/// </summary>
internal sealed class AcceptedConnections : IConnectionListenerFactory
{
    private readonly Dictionary<EndPoint, Entrance> _entrances = [];

    /// <summary>Hands a connection to the server. Only once the server was started.</summary>
    public void Serve(ServerEntrance entrance, ConnectionContext connection) => _entrances[entrance].Serve(connection);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(_entrances[endpoint] = new Entrance(endpoint));

    private sealed class Entrance(EndPoint endPoint) : IConnectionListener
    {
        private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint { get; } = endPoint;

        public void Serve(ConnectionContext connection)
        {
            if (!_accepted.Writer.TryWrite(connection)) connection.Abort();
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
}
