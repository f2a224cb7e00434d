using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Http;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Connecting;

/// <summary>A link of any kind, with a server behind it, and a client that can tell whether it is served.</summary>
internal sealed class ConnectBench : IAsyncDisposable
{
    private readonly string _kind;
    private readonly Func<int> _served;

    private ConnectBench(Bench bench, string kind, IPEndPoint address, Func<int> served)
    {
        (Bench, _kind, Address, _served) = (bench, kind, address, served);
    }

    public Bench Bench { get; }

    public IPEndPoint Address { get; }

    /// <summary>Connections (requests, where it is an HTTP link) that the server has seen.</summary>
    public int Served => _served();

    public static async Task<ConnectBench> StartAsync(string kind)
    {
        var bench = await Bench.StartAsync();
        if (kind == "tcp")
        {
            var (server, address) = await bench.TcpAsync();
            return new ConnectBench(bench, kind, address, () => server.Connections.Count);
        }
        if (kind == "websocket")
        {
            var (server, address) = await bench.WebSocketAsync();
            return new ConnectBench(bench, kind, IPEndPoint.Parse(address.Authority), () => server.Connections.Count);
        }
        var upstream = bench.Own(await HttpUpstream.StartAsync());
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", upstream.Address, Kind: kind));
        return new ConnectBench(bench, kind, IPEndPoint.Parse(proxy.Listen), () => upstream.Seen.Count);
    }

    public Task<Socket> ConnectAsync() => Bench.ConnectAsync(Address);

    /// <summary>Sends something, and reads what a served connection gets.</summary>
    public async Task ExchangeAsync(Socket socket)
    {
        if (_kind == "tcp")
        {
            await socket.SendAllAsync("hello"u8.ToArray());
            Assert.Equal("hello"u8.ToArray(), await socket.ReadAsync(5));
            return;
        }
        await socket.SendAllAsync(_kind == "http"
            ? "GET /nothing HTTP/1.1\r\nHost: upstream\r\n\r\n"u8.ToArray()
            : "GET /connection/websocket HTTP/1.1\r\nHost: upstream\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"u8.ToArray());
        Assert.StartsWith(_kind == "http" ? "HTTP/1.1 204" : "HTTP/1.1 101", await HttpBench.ReadHeadAsync(socket), StringComparison.Ordinal);
    }

    /// <summary>Shows that an open connection is served still.</summary>
    public async Task StillServedAsync(Socket socket)
    {
        if (_kind != "websocket")
        {
            await ExchangeAsync(socket);
            return;
        }
        // A masked text frame "hi", with a mask of zeros.
        await socket.SendAllAsync(new byte[] { 0x81, 0x82, 0, 0, 0, 0, (byte)'h', (byte)'i' });
        Assert.Equal([0x81, 2, (byte)'h', (byte)'i'], await socket.ReadAsync(4));
    }

    /// <summary>Connects and is served.</summary>
    public async Task ServedAsync()
    {
        using var socket = await ConnectAsync();
        await ExchangeAsync(socket);
    }

    /// <summary>How a new connection fares: "refused" by the kernel, "rst", or "served".</summary>
    public async Task<string> TryAsync()
    {
        try
        {
            await ServedAsync();
            return "served";
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused ? "refused" : "rst";
        }
    }

    /// <summary>The kernel's sockets with the link's port on either side, listening ones and those that only wait to be forgotten left out.</summary>
    public int OpenSockets()
    {
        const int Listening = 10, TimeWait = 6;
        var port = Address.Port.ToString("X4", CultureInfo.InvariantCulture);
        return File.ReadLines("/proc/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(fields => (fields[1].EndsWith(port, StringComparison.Ordinal) || fields[2].EndsWith(port, StringComparison.Ordinal))
                && int.Parse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture) is not (Listening or TimeWait));
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
