using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;

namespace Chaos.Gateway.Stores;

/// <summary>A Redis of our own in this process: Microsoft Garnet on a loopback port, in memory, gone when it is disposed.</summary>
public sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    private EmbeddedStore(GarnetServer server, int port)
    {
        _server = server;
        Address = new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Starts a store.</summary>
    /// <param name="port">Port on 127.0.0.1, 0 for a free one.</param>
    /// <exception cref="InvalidOperationException">No port could be bound.</exception>
    public static EmbeddedStore Start(int port = 0)
    {
        Exception? last = null;
        // Between finding a free port and binding it somebody else can take it.
        for (var attempt = 0; attempt < (port == 0 ? 20 : 1); attempt++)
        {
            var candidate = port == 0 ? LoopbackPort.Free() : port;
            try
            {
                var server = new GarnetServer(Arguments(candidate));
                server.Start();
                return new EmbeddedStore(server, candidate);
            }
            catch (Exception e) when (e is SocketException or Garnet.common.GarnetException)
            {
                last = e;
            }
        }
        throw new InvalidOperationException($"the embedded store found no port: {last!.Message}", last);
    }

    public void Dispose() => _server.Dispose();

    private static string[] Arguments(int port) =>
    [
        "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--lua", "true", "--lua-transaction-mode", "true",
        "--memory", "64m", "--page", "4m", "--index", "16m", "--logger-level", "None", "-q",
    ];
}
