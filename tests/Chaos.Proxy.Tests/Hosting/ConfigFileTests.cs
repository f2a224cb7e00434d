using Chaos.Proxy.Hosting.Config;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Tests.Hosting;

/// <summary>Reading a configuration file: both forms, and every error with its place.</summary>
public sealed class ConfigFileTests
{
    private static async Task<ConfigContent> ReadAsync(string text)
    {
        using var file = new TempFile(text);
        return await ConfigReader.ReadAsync(file.Path);
    }

    private static async Task<string[]> ErrorsAsync(string text)
    {
        using var file = new TempFile(text);
        var thrown = await Assert.ThrowsAsync<ConfigFileException>(() => ConfigReader.ReadAsync(file.Path));
        Assert.Equal(string.Join('\n', thrown.Errors), thrown.Message);
        return [.. thrown.Errors.Select(error => error.Replace(file.Path, "FILE", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Toxiproxys_array_is_read_as_toxiproxy_reads_it()
    {
        var content = await ReadAsync("""
            [{ "name": "redis", "listen": "127.0.0.1:26379", "upstream": "127.0.0.1:6379", "comment": "unknown to us", "enabled": false },
             { "Name": "web", "UpStream": "web", "toxics": [{ "type": "latency", "attributes": { "latency": 5 } }] }]
            """);
        Assert.Null(content.Seed);
        Assert.Equal(["redis", "web"], content.Proxies.Select(plan => plan.Settings.Name));
        Assert.False(content.Proxies[0].Enabled);
        Assert.Equal("latency_downstream", Assert.Single(content.Proxies[1].Faults).Name);
    }

    [Fact]
    public async Task The_object_has_a_seed_and_proxies_with_everything_and_comments()
    {
        var content = await ReadAsync("""
            {
              // a run that can be repeated
              "seed": 42,
              "proxies": [
                { "name": "eu.clients", "kind": "websocket", "listen": "127.0.0.1:9000", "upstream": "127.0.0.1:8001,127.0.0.1:8002", "region": "eu", "labels": { "team": "blue" },
                  "faults": [{ "name": "hole", "type": "blackhole", "stream": "both", "toxicity": 0.1, "lease_ms": 1000 }], /* the rest later */ },
              ],
            }
            """);
        Assert.Equal(42, content.Seed);
        var plan = Assert.Single(content.Proxies);
        Assert.Equal((ProxyKind.WebSocket, "eu", "blue"), (plan.Settings.Kind, plan.Settings.Region, plan.Settings.Labels.Single().Value));
        Assert.Equal(("hole", 0.1, TimeSpan.FromSeconds(1)), (plan.Faults[0].Name, plan.Faults[0].Toxicity, plan.Faults[0].Lease));
    }

    [Fact]
    public async Task Every_error_is_told_at_once_with_its_place_and_a_hint()
    {
        const string See = "See the README of the proxy for what is allowed.";
        var errors = await ErrorsAsync("""
            {
              "sed": 1,
              "proxies": [
                { "name": 7, "upstream": "nowhere" },
                { "name": "b" },
                { "colour": "red", "name": "c", "upstream": "x:1", "listen": "local", "kind": "udp", "enabled": "yes" },
                { "name": "d", "upstream": "x:1", "labels": { "a": 1 },
                  "toxics": [{ "type": "latency", "attributes": { "latency": -1 } }] },
                { "name": "e", "upstream": "x:1", "listen": "127.0.0.1:7001", "name": "f",
                  "faults": [
                    { "name": "x", "type": "latency", "attributes": { "latency": -1, "jiter": 2 }, "toxicity": 3, "straem": "up" },
                    { "type": "ws_close" },
                    { "type": "noop", "lease_ms": 0, "target": { "connections": { "every": 0 } } },
                    "text" ] },
                { "name": "f", "upstream": "x:1", "listen": "127.0.0.1:7001", "faults": [{ "type": "noop" }, { "type": "noop" }] },
                5
              ]
            }
            """);
        Assert.Equal(
        [
            "FILE:2:3: sed is unknown. Did you mean seed?",
            $"FILE:4:15: name must be of type string, not number. {See}",
            $"FILE:4:30: upstream: address nowhere: must be host:port. {See}",
            "FILE:5:5: missing required field: upstream. Add it.",
            $"FILE:6:7: colour is unknown. Known are: {string.Join(", ", Chaos.Proxy.Control.ProxyRequests.Known)}.",
            $"FILE:6:66: listen: address local: missing port in address. {See}",
            $"FILE:6:83: kind must be tcp, websocket or http, not udp. {See}",
            $"FILE:6:101: enabled must be of type bool, not string. {See}",
            $"FILE:7:56: labels.a must be a string. {See}",
            $"FILE:8:66: attribute latency must be from 0 to 86400000, not -1. {See}",
            "FILE:9:67: name is given twice. Keep one of them.",
            $"FILE:11:70: attribute latency must be from 0 to 86400000, not -1. {See}",
            $"FILE:11:83: attribute jiter is unknown; known are: latency, jitter, distribution, correlation, trace. {See}",
            $"FILE:11:100: toxicity must be from 0 to 1, not 3. {See}",
            "FILE:11:103: straem is unknown. Did you mean stream?",
            $"FILE:12:9: ws_close needs a websocket proxy; this one is tcp. {See}",
            $"FILE:13:39: lease_ms must be more than 0 and at most a day. {See}",
            $"FILE:13:80: target.connections.every must be a whole number from 1 to 2147483647, not 0. {See}",
            $"FILE:14:9: an object is needed, not string. {See}",
            "FILE:15:15: there is another proxy f. Give each its own name.",
            "FILE:15:49: proxy f listens on 127.0.0.1:7001, too. Choose another port.",
            "FILE:15:98: there is another fault of this name on the proxy. Give each its own name.",
            "FILE:16:5: a proxy must be an object. Write {\"name\": …, \"upstream\": …}.",
        ], errors);
    }

    [Theory]
    [InlineData("", "FILE:1:1: ")]
    [InlineData("{ \"proxies\": [ }", "FILE:1:16: ")]
    [InlineData("{\n  \"proxies\": [}\n", "FILE:2:15: ")]
    [InlineData("7", "FILE:1:1: the file must hold an array of proxies or an object with proxies. ")]
    [InlineData("{}", "FILE:1:1: proxies must be an array. ")]
    [InlineData("{\"proxies\": 7}", "FILE:1:13: proxies must be an array. ")]
    [InlineData("{\"seed\": 1.5, \"proxies\": []}", "FILE:1:10: seed must be a whole number of at most 9007199254740991. ")]
    [InlineData("{\"seed\": 1e30, \"proxies\": []}", "FILE:1:10: seed must be a whole number of at most 9007199254740991. ")]
    [InlineData("{\"seed\": \"x\", \"proxies\": []}", "FILE:1:10: seed must be of type number, not string. ")]
    [InlineData("[[]]", "FILE:1:2: a proxy must be an object. ")]
    [InlineData("[{\"name\": \"\\ud800\"}]", "FILE: a name or a text is not UTF-8. ")]
    public async Task What_is_no_such_file_at_all_is_refused_with_one_error(string text, string error) =>
        Assert.StartsWith(error, Assert.Single(await ErrorsAsync(text)), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var thrown = await Assert.ThrowsAsync<ConfigFileException>(() => ConfigReader.ReadAsync("/no/such/file.json"));
        Assert.StartsWith("/no/such/file.json: ", Assert.Single(thrown.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_count_characters_and_a_byte_order_mark_is_none() => Assert.Equal(
        "FILE:1:19: nme is unknown. Did you mean name?",
        (await ErrorsAsync("\uFEFF{\"proxies\":[{/*→*/\"nme\":\"b\",\"name\":\"a\",\"upstream\":\"x:1\"}]}"))[0]);

    [Fact]
    public async Task The_file_of_the_compose_example_is_one()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Chaos.sln")))
            folder = folder.Parent!;
        var content = await ConfigReader.ReadAsync(Path.Combine(folder.FullName, "compose", "proxy.json"));
        Assert.Equal(["eu.redis", "eu.clients", "us.redis", "us.clients", "ap.redis", "ap.clients", "eu→us.replication"], content.Proxies.Take(7).Select(plan => plan.Settings.Name));
    }
}
