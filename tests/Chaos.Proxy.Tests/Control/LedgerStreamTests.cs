using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

/// <summary>The ledger over server-sent events.</summary>
public sealed class LedgerStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static async Task<(HttpResponseMessage Response, IAsyncEnumerator<SseItem<string>> Events)> ListenAsync(HttpClient http, Bench bench, string query = "")
    {
        var response = await http.GetAsync(new Uri(bench.Host.ControlAddress, "/chaos/ledger" + query), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return (response, SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator());
    }

    private static async Task<SseItem<string>?> NextAsync(IAsyncEnumerator<SseItem<string>> events) => await events.MoveNextAsync().AsTask().WaitAsync(Patience) ? events.Current : null;

    [Fact]
    public async Task Lines_come_as_they_are_written_until_the_proxy_stops()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient();
        var (response, events) = await ListenAsync(http, bench);
        using var _ = response;
        var (_, address) = await bench.TcpAsync("p");
        using (var client = await Bench.ConnectAsync(address))
            await client.EchoAsync("x"u8.ToArray());
        await bench.LedgerAsync("ledger.closed");
        await bench.Host.StopAsync();
        var got = new List<SseItem<string>>();
        while (await NextAsync(events) is { } item)
            got.Add(item);
        var written = bench.Ledger().Where(line => line["kind"]!.GetValue<string>() != "proxy.ready").Select(line => line.ToJsonString());
        Assert.Equal(written, got.Select(item => JsonNode.Parse(item.Data)!.ToJsonString()));
        Assert.All(got, item => Assert.Equal(JsonNode.Parse(item.Data)!["kind"]!.GetValue<string>(), item.EventType));
        var ids = got.Select(item => long.Parse(item.EventId!, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_listener_hears_the_proxies_and_kinds_it_asked_for()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient();
        var (response, events) = await ListenAsync(http, bench, "?proxy=a&proxy=b&kind=fault,ledger.closed");
        using var _ = response;
        foreach (var name in new[] { "a", "b", "c" })
        {
            var (_, address) = await bench.TcpAsync(name);
            using (var client = await Bench.ConnectAsync(address))
                await client.EchoAsync("x"u8.ToArray());
            await bench.LedgerAsync("ledger.closed", line => line["link"]!.GetValue<string>() == name);
            await bench.FaultAsync("noop", link: name);
        }
        await bench.Host.StopAsync();
        var got = new List<string>();
        while (await NextAsync(events) is { } item)
            got.Add($"{item.EventType} {JsonNode.Parse(item.Data)!["link"]}");
        Assert.Equal(["ledger.closed a", "ledger.fault a", "ledger.closed b", "ledger.fault b", "ledger.fault a", "ledger.fault b"], got);
    }

    [Fact]
    public async Task Listening_works_without_a_ledger_file()
    {
        await using var host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0" });
        using var control = new Client.ControlClient(host.ControlAddress);
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(host.ControlAddress, "/chaos/ledger?kind=fault"), HttpCompletionOption.ResponseHeadersRead);
        var events = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        await control.CreateProxyAsync(new("p", "127.0.0.1:0", "127.0.0.1:9"));
        await control.AddFaultAsync("p", new("quiet", "noop"));
        Assert.Equal("quiet", JsonNode.Parse((await NextAsync(events))!.Value.Data)!["fault"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_listener_that_is_gone_is_forgotten()
    {
        var stream = new LedgerStream();
        Assert.False(stream.Hears("ledger.fault", "a"));
        using (stream.Listen(["a"], []))
        {
            Assert.True(stream.Hears("ledger.fault", "a"));
            Assert.False(stream.Hears("ledger.fault", "b"));
            Assert.False(stream.Hears("ledger.halt", null));
        }
        Assert.False(stream.Hears("ledger.fault", "a"));

        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient();
        var (response, _) = await ListenAsync(http, bench);
        await bench.TcpAsync("p");
        response.Dispose();
        // Lines go nowhere now; what counts is that the writer goes on.
        for (var i = 0; i < 100; i++)
            await bench.FaultAsync("noop", name: $"f{i}", link: "p");
        await bench.LedgerAsync("ledger.fault", line => line["fault"]!.GetValue<string>() == "f99");
    }

    [Fact]
    public void A_slow_listener_loses_lines_and_is_told_how_many()
    {
        var stream = new LedgerStream();
        using var slow = stream.Listen([], []);
        for (var i = 1; i <= LedgerListener.MaxWaiting + 5; i++)
            stream.Offer(i, "ledger.injected", "p", "{}"u8);
        Assert.Equal(LedgerListener.MaxWaiting, slow.Lines.Count);
        Assert.Equal(5, slow.TakeLost());
        Assert.Equal(0, slow.TakeLost());
    }

    [Fact]
    public async Task One_who_comes_after_the_end_hears_the_end()
    {
        var stream = new LedgerStream();
        stream.Complete();
        using var late = stream.Listen([], []);
        Assert.False(await late.Lines.WaitToReadAsync());
    }
}
