using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chaos.Proxy;

namespace Chaos.Benchmarks.Servers;

/// <summary>The proxy as <c>chaos run</c> starts it, its ledger written too, with one WebSocket link and no fault.</summary>
internal sealed class ChaosProxyServer : IBenchmarkServer
{
    private readonly ProxyHost _host;
    private readonly string _ledger;

    private ChaosProxyServer(ProxyHost host, string ledger, IPEndPoint address)
    {
        _host = host;
        _ledger = ledger;
        Address = address;
    }

    public IPEndPoint Address { get; }

    public static async Task<IBenchmarkServer> StartAsync(string upstream)
    {
        var ledger = Path.Combine(Path.GetTempPath(), $"chaos-benchmark-{Environment.ProcessId}.jsonl");
        var host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", Seed = 1, Ledger = ledger });
        using var http = new HttpClient { BaseAddress = host.ControlAddress };
        using var answer = await http.PostAsJsonAsync("/proxies", new { name = "bench", kind = "websocket", listen = "127.0.0.1:0", upstream });
        var body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The proxy refused the link: {(int)answer.StatusCode} {body}");
        using var proxy = JsonDocument.Parse(body);
        return new ChaosProxyServer(host, ledger, IPEndPoint.Parse(proxy.RootElement.GetProperty("listen").GetString()!));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        File.Delete(_ledger);
    }
}
