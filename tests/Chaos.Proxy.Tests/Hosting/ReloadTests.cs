using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Hosting;

/// <summary>Reading the configuration file again while traffic goes on.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private readonly EchoServer _server = new();
    private readonly TempFile _file = new("");
    private readonly string _ledger = Path.Combine(Path.GetTempPath(), $"ledger-{Guid.NewGuid():N}.jsonl");
    private ProxyHost _host = null!;
    private ControlClient _control = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _control.Dispose();
        _file.Dispose();
        await _server.DisposeAsync();
        File.Delete(_ledger);
    }

    private async Task StartAsync(string proxies, long? seed = null)
    {
        Write(proxies);
        _host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", ConfigFile = _file.Path, Ledger = _ledger, Seed = seed });
        _control = new ControlClient(_host.ControlAddress);
    }

    private void Write(string proxies, string more = "") => _file.Write($$"""{ {{more}} "proxies": [{{proxies.Replace("UP", _server.Address, StringComparison.Ordinal)}}] }""");

    private async Task<Socket> ConnectAsync(string proxy)
    {
        var socket = await Bench.ConnectAsync(IPEndPoint.Parse((await _control.GetProxyAsync(proxy)).Listen));
        await socket.EchoAsync("hello"u8.ToArray());
        return socket;
    }

    private static JsonObject[] Lines(string path, string kind)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).Where(line => line["kind"]!.GetValue<string>() == kind)];
    }

    [Fact]
    public async Task Identical_proxies_keep_their_connections_and_the_others_change()
    {
        await StartAsync("""{ "name": "same", "upstream": "UP" }, { "name": "moved", "upstream": "UP" }, { "name": "gone", "upstream": "UP" }""");
        await _control.CreateProxyAsync(new ProxyRequest("by-hand", "127.0.0.1:0", _server.Address));
        using var same = await ConnectAsync("same");
        using var moved = await ConnectAsync("moved");
        using var gone = await ConnectAsync("gone");
        using var byHand = await ConnectAsync("by-hand");

        Write("""{ "name": "new", "upstream": "UP" }, { "name": "same", "upstream": "UP" }, { "name": "moved", "upstream": "UP", "region": "eu" }""");
        var result = await _host.ReloadAsync();

        Assert.Equal([["new"], ["moved"], ["gone"], ["same"]], [result.Added, result.Replaced, result.Removed, result.Unchanged]);
        Assert.Equal(0, result.Faults);
        await same.EchoAsync("still here"u8.ToArray());
        await byHand.EchoAsync("still here"u8.ToArray());
        Assert.Equal("rst", await moved.EndingAsync());
        Assert.Equal("rst", await gone.EndingAsync());
        Assert.Equal(["by-hand", "moved", "new", "same"], (await _control.GetProxiesAsync()).Keys.Order());
        using var _ = await ConnectAsync("new");
        await Bench.Until(() => Lines(_ledger, "ledger.reload").Length > 0);
        var line = Lines(_ledger, "ledger.reload").Single();
        Assert.Equal((true, 1, 1, 1), (line["ok"]!.GetValue<bool>(), line["added"]!.GetValue<int>(), line["replaced"]!.GetValue<int>(), line["removed"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Faults_are_compared_one_by_one_and_those_of_the_api_stay()
    {
        await StartAsync("""{ "name": "p", "upstream": "UP", "faults": [{ "name": "keep", "type": "noop" }, { "name": "change", "type": "latency", "attributes": { "latency": 1 } }, { "name": "go", "type": "noop" }, { "name": "other", "type": "noop" }] }""");
        await _control.AddFaultAsync("p", new FaultRequest("by-hand", "noop"));
        using var open = await ConnectAsync("p");

        Write("""{ "name": "p", "upstream": "UP", "faults": [{ "name": "keep", "type": "noop" }, { "name": "change", "type": "latency", "attributes": { "latency": 2 } }, { "name": "other", "type": "latency" }, { "name": "come", "type": "noop" }] }""");
        Assert.Equal(4, (await _host.ReloadAsync()).Faults);

        await open.EchoAsync("still here"u8.ToArray());
        var faults = (await _control.ListFaultsAsync("p")).ToDictionary(fault => fault.Name);
        Assert.Equal(["by-hand", "change", "come", "keep", "other"], faults.Keys.Order());
        Assert.Equal(2, faults["change"].Attributes["latency"]!.GetValue<int>());
        Assert.Equal("latency", faults["other"].Type);
        Assert.DoesNotContain(Lines(_ledger, "ledger.fault"), line => line["fault"]!.GetValue<string>() == "keep" && line["state"]!.GetValue<string>() == "removed");
        Assert.Equal(0, (await _host.ReloadAsync()).Faults);
    }

    [Fact]
    public async Task A_malformed_file_changes_nothing_and_says_why()
    {
        await StartAsync("""{ "name": "p", "upstream": "UP", "faults": [{ "type": "noop" }] }""");
        using var open = await ConnectAsync("p");
        Write("""{ "name": "q", "upstream": "UP" }, { "name": "r" }""");
        var thrown = await Assert.ThrowsAsync<ConfigFileException>(() => _host.ReloadAsync());
        Assert.Contains("missing required field: upstream", Assert.Single(thrown.Errors), StringComparison.Ordinal);
        await open.EchoAsync("still here"u8.ToArray());
        Assert.Equal(["p"], (await _control.GetProxiesAsync()).Keys);
        Assert.Single(await _control.ListFaultsAsync("p"));

        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(_host.ControlAddress, "/chaos/reload"), null);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("missing required field: upstream", JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]!.AsArray().Single()!.GetValue<string>(), StringComparison.Ordinal);
        await Bench.Until(() => Lines(_ledger, "ledger.reload").Length == 2);
        Assert.All(Lines(_ledger, "ledger.reload"), line => Assert.False(line["ok"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Where_the_new_address_is_taken_the_old_proxy_goes_on()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await StartAsync("""{ "name": "p", "upstream": "UP" }""");
        Write($$"""{ "name": "p", "upstream": "UP", "listen": "{{taken.LocalEndpoint}}" }""");
        var thrown = await Assert.ThrowsAsync<ConfigFileException>(() => _host.ReloadAsync());
        Assert.Contains("address already in use", thrown.Message, StringComparison.Ordinal);
        using var _ = await ConnectAsync("p");
    }

    [Fact]
    public async Task Switching_off_is_no_other_proxy()
    {
        await StartAsync("""{ "name": "p", "upstream": "UP" }""");
        var address = (await _control.GetProxyAsync("p")).Listen;
        Write("""{ "name": "p", "upstream": "UP", "enabled": false }""");
        Assert.Equal(["p"], (await _host.ReloadAsync()).Unchanged);
        await Assert.ThrowsAsync<SocketException>(() => Bench.ConnectAsync(IPEndPoint.Parse(address)));
        Write("""{ "name": "p", "upstream": "UP" }""");
        await _host.ReloadAsync();
        Assert.Equal(address, (await _control.GetProxyAsync("p")).Listen);
        using var _ = await ConnectAsync("p");
    }

    [Fact]
    public async Task The_seed_is_the_options_then_the_files_and_cannot_be_reloaded()
    {
        await StartAsync("");
        Assert.Equal(ProxyHostOptions.DefaultSeed, _host.Seed);
        await _host.DisposeAsync();
        _control.Dispose();
        Write("", "\"seed\": 42,");
        _host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", ConfigFile = _file.Path });
        _control = new ControlClient(_host.ControlAddress);
        Assert.Equal(42, _host.Seed);
        Write("", "\"seed\": 43,");
        Assert.Contains("seed 43 is not the one in force, 42", (await Assert.ThrowsAsync<ConfigFileException>(() => _host.ReloadAsync())).Message, StringComparison.Ordinal);
        await using var other = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", ConfigFile = _file.Path, Seed = 7 });
        Assert.Equal(7, other.Seed);
    }

    [Fact]
    public async Task Without_a_file_there_is_nothing_to_reload()
    {
        _host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0" });
        _control = new ControlClient(_host.ControlAddress);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.ReloadAsync());
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Conflict, (await http.PostAsync(new Uri(_host.ControlAddress, "/chaos/reload"), null)).StatusCode);
    }
}
