using System.Net;
using Chaos.Proxy;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tcp;

namespace Chaos.Benchmarks.Servers;

/// <summary>The proxy as <c>chaos proxy</c> starts it, its ledger written too, with one link.</summary>
internal sealed class ChaosProxyServer : IBenchmarkServer
{
    /// <summary>Name of the link.</summary>
    public const string Link = "bench";

    private readonly ProxyHost _host;

    private ChaosProxyServer(ProxyHost host, string ledger, IPEndPoint address)
    {
        _host = host;
        Ledger = ledger;
        Address = address;
    }

    public IPEndPoint Address { get; }

    public Uri Control => _host.ControlAddress;

    public string Ledger { get; }

    /// <param name="idleFault">Put a fault on the link that does nothing.</param>
    public static async Task<IBenchmarkServer> StartAsync(Protocol protocol, string upstream, bool idleFault)
    {
        InlineSockets.Use();
        var ledger = Path.Combine(Path.GetTempPath(), $"chaos-benchmark-{Environment.ProcessId}.jsonl");
        var host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", Seed = 1, Ledger = ledger });
        using var control = new ControlClient(host.ControlAddress);
        var proxy = await control.CreateProxyAsync(new ProxyRequest(Link, "127.0.0.1:0", upstream, Kind: protocol == Protocol.Tcp ? "tcp" : "websocket"));
        if (idleFault) await control.AddFaultAsync(Link, new FaultRequest("idle", "loss", "both", Attributes: new() { ["p"] = 0 }));
        return new ChaosProxyServer(host, ledger, IPEndPoint.Parse(proxy.Listen));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        File.Delete(Ledger);
    }
}
