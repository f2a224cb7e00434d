using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Http;

/// <summary>A bench with an HTTP link, an upstream and a client.</summary>
internal sealed class HttpBench : IAsyncDisposable
{
    private HttpBench(Bench bench, HttpUpstream upstream, IPEndPoint address)
    {
        (Bench, Upstream, Address) = (bench, upstream, address);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{address}"), Timeout = TimeSpan.FromMilliseconds(Bench.Patience) };
    }

    public Bench Bench { get; }

    public HttpUpstream Upstream { get; }

    public IPEndPoint Address { get; }

    public HttpClient Client { get; }

    public static async Task<HttpBench> StartAsync(string kind = "http")
    {
        var bench = await Bench.StartAsync();
        var upstream = bench.Own(await HttpUpstream.StartAsync());
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", upstream.Address, Kind: kind, Region: "eu"));
        return new HttpBench(bench, upstream, IPEndPoint.Parse(proxy.Listen));
    }

    public Task FaultAsync(string type, JsonObject? attributes = null, double toxicity = 1, string? name = null, string stream = "both") =>
        Bench.FaultAsync(type, attributes, stream, toxicity, name);

    public Task<string> GetAsync(string path) => Client.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>Sends a request by hand, so that the end of its connection can be seen.</summary>
    public async Task<Socket> SendAsync(string path, string method = "GET")
    {
        var socket = await Bench.ConnectAsync(Address);
        await socket.SendAllAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: upstream\r\n\r\n"));
        return socket;
    }

    /// <summary>Reads to the end: what came, and whether it ended with "fin" or "rst".</summary>
    public static async Task<(string Text, string Ending)> ReadToEndAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(30_000);
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        try
        {
            for (int bytes; (bytes = await socket.ReceiveAsync(buffer, patience.Token)) > 0;)
                text.Append(Encoding.ASCII.GetString(buffer, 0, bytes));
            return (text.ToString(), "fin");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return (text.ToString(), "rst");
        }
    }

    /// <summary>Reads the head of an answer.</summary>
    public static async Task<string> ReadHeadAsync(Socket socket)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await socket.ReadAsync(1))[0]);
        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Bench.DisposeAsync();
    }
}
