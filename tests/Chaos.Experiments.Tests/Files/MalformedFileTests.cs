using System.Diagnostics;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

public sealed class MalformedFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string, string> Slips => new()
    {
        { "a wrong key", "  count: 1", "  cuont: 1", "x.yaml:6:3: unknown key 'cuont' in fleet. Did you mean 'count'?" },
        { "a wrong key at the top", "checklist: Heartbeat", "cheklist: Heartbeat", "x.yaml:3:1: unknown key 'cheklist'. Did you mean 'checklist'?" },
        { "a wrong option of a check", "check: connected", "check: connected\n    min_shore: 1", "x.yaml:12:5: unknown key 'min_shore' in expectations[0]. Did you mean 'min_share'?" },
        { "a wrong type", "  count: 1", "  count: many", "x.yaml:6:10: fleet.count must be a whole number, not text ('many'). Number of clients, 1 to 9,000." },
        { "a number out of range", "  count: 1", "  count: 0", "x.yaml:6:10: fleet.count is too small: 0 is below 1. Number of clients, 1 to 9,000." },
        { "a list for a mapping", "timeline: {}", "timeline: []", "x.yaml:8:11: timeline must be a mapping, not a list. When things happen: baseline, faults, recovery, settle, in this order." },
        { "an empty value", "title: Clients stay connected", "title:", "x.yaml:2:7: title is empty. What it shows, as a sentence." },
        { "a missing key", "title: Clients stay connected\n", "", "x.yaml:1:1: the experiment lacks 'title'. What it shows, as a sentence." },
        { "an unknown link", "link: eu.clients", "link: eu.client", "x.yaml:7:9: unknown link 'eu.client' in world one-region. Did you mean 'eu.clients'?" },
        { "clients on a TCP link", "link: eu.clients", "link: eu.redis", "x.yaml:7:9: clients cannot connect through eu.redis, a TCP link. Use a WebSocket link: eu.clients." },
        { "a negative duration", "timeline: {}", "timeline: { baseline: -3s }", "x.yaml:8:23: timeline.baseline is negative: '-3s'. A duration is 0s or longer." },
        { "a duration without a unit", "timeline: {}", "timeline: { baseline: 3 }", "x.yaml:8:23: timeline.baseline has no unit: 3. Write 3s or 3000ms." },
        { "a duration in words", "timeline: {}", "timeline: { baseline: soon }", "x.yaml:8:23: timeline.baseline is no duration: 'soon'. Write a number with its unit, such as 250ms, 3s or 2m." },
        { "a duration out of range", "timeline: {}", "timeline: { baseline: 3h }", "x.yaml:8:23: timeline.baseline is out of range: 3h. It may be 0s to 1h." },
        { "an unknown world", "world: one-region", "world: one-regoin", "x.yaml:4:8: unknown world 'one-regoin'. Did you mean 'one-region'?" },
        { "an unknown client", "  count: 1", "  count: 1\n  client: centrifuge", "x.yaml:7:11: unknown client 'centrifuge'. Did you mean 'centrifuge-js'?" },
        { "an unknown check", "check: connected", "check: conected", "x.yaml:11:12: unknown check 'conected'. Did you mean 'connected'?" },
        { "an unknown gateway setting", "timeline: {}", "timeline: {}\ngateway: { ping_interval: 5000 }", "x.yaml:9:12: unknown key 'ping_interval' in gateway. Did you mean 'ping_interval_ms'?" },
        { "an unknown key inside a list of the gateway", "timeline: {}", "timeline: {}\ngateway: { channels: [ { patern: x } ] }", "x.yaml:9:26: unknown key 'patern' in gateway.channels[0]. Did you mean 'pattern'?" },
        { "a missing key inside a list of the gateway", "timeline: {}", "timeline: {}\ngateway: { channels: [ {} ] }", "x.yaml:9:24: gateway.channels[0] lacks 'pattern'. Which channels." },
        { "an attribute of a fault that has none", "timeline: {}", "timeline: { faults: [ { name: d, link: eu.redis, fault: down, for: 1s, attributes: { x: 1 } } ] }", "x.yaml:8:86: unknown key 'x' in timeline.faults[0].attributes. No key may be here; remove it." },
        { "a fault on a node that is none", "timeline: {}", "timeline: { faults: [ { name: d, node: eu.gateway-2, fault: restart, for: 1s } ] }", "x.yaml:8:40: unknown node 'eu.gateway-2' in world one-region. Did you mean 'eu.gateway-1'?" },
        { "a fault on a node without a node", "timeline: {}", "timeline: { faults: [ { name: d, fault: restart, for: 1s } ] }", "x.yaml:8:23: timeline.faults[0] lacks 'node'. The gateway node it is put on, such as eu.gateway-1." },
        { "a share of a node", "timeline: {}", "timeline: { faults: [ { name: d, node: eu.gateway-1, fault: restart, toxicity: 0.5, for: 1s } ] }", "x.yaml:8:80: restart acts on a node and takes no 'toxicity'. Remove it; 'node' says where the fault is." },
        { "a fault on a link with a node", "timeline: {}", "timeline: { faults: [ { name: d, link: eu.redis, node: eu.gateway-1, fault: down, for: 1s } ] }", "x.yaml:8:56: down acts on a link and takes no 'node'. Say with 'link' which one." },
        { "an unknown setting of a release", "timeline: {}", "timeline: { faults: [ { name: d, node: eu.gateway-1, fault: release, for: 1s, attributes: { settings: { limits: { frame: 1 } } } } ] }", "x.yaml:8:115: unknown key 'frame' in timeline.faults[0].attributes.settings.limits. Did you mean 'frame_bytes'?" },
        { "two faults on a node at a time", "timeline: {}", "timeline: { faults: [ { name: d, node: eu.gateway-1, fault: restart, for: 3s }, { name: e, node: eu.gateway-1, fault: pause, at: 2s, for: 1s } ] }", "x.yaml:8:98: 'e' begins on eu.gateway-1 while 'd' is on it. A node has one fault at a time; move one of them with 'at', or to another node." },
        { "a fault on a node that overlaps itself", "timeline: {}", "timeline: { faults: [ { name: d, node: eu.gateway-1, fault: restart, for: 1s, repeat: { every: 2s, count: 3, jitter: 600ms } } ] }", "x.yaml:8:40: 'd' begins on eu.gateway-1 while 'd' is on it. A node has one fault at a time; move one of them with 'at', or to another node." },
        { "a fault between regions of a world of one", "timeline: {}", "timeline: { faults: [ { name: d, fault: partition, between: [eu, us], for: 1s } ] }", "x.yaml:8:61: world one-region has one region, so there is nothing between any. Use a world of several, such as two-regions." },
        { "a clock that is right", "timeline: {}", "timeline: { faults: [ { name: d, node: eu.gateway-1, fault: clock_skew, for: 1s, attributes: { ms: 0 } } ] }", "x.yaml:8:100: a clock that is off by 0 ms is right. Say by how much it is ahead, or behind with a minus." },
        { "a store that has no process", "timeline: {}", "timeline: { faults: [ { name: d, node: eu.redis, fault: restart, for: 1s } ] }", "x.yaml:8:40: eu.redis is embedded and has no process of its own. Give region eu a store: { kind: process } or { kind: container }, or put a fault on link: eu.redis." },
        { "a fault of nodes on a store", "timeline: {}", "timeline: { faults: [ { name: d, node: eu.redis, fault: drain, for: 1s } ] }", "x.yaml:8:57: drain acts on gateway nodes, and eu.redis is a store. On stores act: pause, restart; on the way to them, faults with link: eu.redis." },
        { "a feed that would lose its node", "  link: eu.clients\ntimeline: {}", "  link: eu.clients\n  feed: { from: backstage, rate_per_s: 1 }\ntimeline: { faults: [ { name: d, node: eu.gateway-1, fault: restart, for: 1s } ] }", "x.yaml:9:40: the feed from backstage is connected to eu.gateway-1, and would lose it for good. Put it on another node, or let the feed come from: clients." },
        { "a missing option", "check: connected", "check: backoff_jitter", "x.yaml:10:5: expectations[0] lacks 'attempts'. Attempts that are judged, 1 to 20." },
        { "a window that is nothing", "check: connected", "check: connected\n    during: basline", "x.yaml:12:13: during names neither a phase nor a fault: 'basline'. Did you mean 'baseline'?" },
        { "more channels than clients", "  count: 1", "  count: 1\n  channels: 2", "x.yaml:7:13: fleet.channels is larger than fleet.count: 2 is above 1. Give every channel at least one client." },
        { "a cap below the base", "  count: 1", "  count: 1\n  policy: { base_ms: 500, cap_ms: 100 }", "x.yaml:7:35: fleet.policy.cap_ms is below base_ms: 100 is below 500. The cap is the largest backoff, the base the first." },
        { "a duplicate key", "  count: 1", "  count: 1\n  count: 2", "x.yaml:7:3: key 'count' is given twice. It is on line 6 already; keep one." },
        { "a second document", "    check: connected", "    check: connected\n---\nid: b", "x.yaml:12:1: a second document begins here. Put one experiment in a file; remove the '---'." },
        { "a tab", "  count: 1", "\tcount: 1", "x.yaml:6:1: a tab cannot indent. Use spaces." },
        { "an open bracket", "timeline: {}", "timeline: {", "x.yaml:9:1: the YAML is broken here or just before. Look for a bracket or a quote that is never closed." },
        { "an unknown anchor", "timeline: {}", "timeline: { baseline: *short }", "x.yaml:8:23: unknown anchor 'short'. There are no anchors here." },
        { "a tag", "  count: 1", "  count: !!int 1", "x.yaml:6:10: tags such as 'tag:yaml.org,2002:int' are not supported. Remove it; quote the value if it is text." },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void One_slip_gives_one_error_where_it_is(string slip, string from, string to, string expected)
    {
        Assert.Contains(from, Samples.Small, StringComparison.Ordinal);
        _folder.Write("x.yaml", Samples.Small.Replace(from, to, StringComparison.Ordinal));
        var result = _folder.Load();
        Assert.Equal($"{slip}: {expected}", $"{slip}: {string.Join("\n", result.Errors)}");
        Assert.Empty(result.Experiments);
    }

    public static TheoryData<string, string, string, string> FullSlips => new()
    {
        { "a fault on a link it cannot act on", "link: eu.clients\n      fault:", "link: eu.redis\n      fault:",
            "x.yaml:39:13: ws_handshake cannot act on eu.redis, a TCP link. It acts on: eu.clients." },
        { "an unknown fault", "fault: ws_handshake", "fault: ws_handshak", "x.yaml:40:14: unknown fault 'ws_handshak'. Did you mean 'ws_handshake'?" },
        { "an attribute out of range", "status: 503", "status: 200", "x.yaml:45:29: timeline.faults[0].attributes.status is too small: 200 is below 400. HTTP status, 400 to 599." },
        { "an unknown attribute", "status: 503", "status: 503, stats: 1", "x.yaml:45:34: unknown key 'stats' in timeline.faults[0].attributes. Did you mean 'status'?" },
        { "a missing attribute", "attributes: { latency: 20 }", "toxicity: 1", "x.yaml:47:7: timeline.faults[1] lacks 'attributes'. Attributes of latency; it needs 'latency'." },
        { "an unknown stream", "stream: downstream", "stream: down", "x.yaml:43:15: unknown stream 'down'. Did you mean 'downstream'?" },
        { "a negative start", "at: 250ms", "at: -250ms", "x.yaml:41:11: timeline.faults[0].at is negative: '-250ms'. A duration is 0s or longer." },
        { "a fault of no length", "for: 14s", "for: 0s", "x.yaml:42:12: timeline.faults[0].for is out of range: 0s. It may be 1ms to 1h." },
        { "a duplicate fault", "name: slow-store", "name: refused", "x.yaml:47:15: duplicate fault 'refused'. Line 38 has it already; give this one a name of its own." },
        { "a fault named as a phase", "name: slow-store", "name: recovery", "x.yaml:47:15: a fault cannot be called 'recovery'. That is the name of a phase, and during could mean either." },
        { "an unknown key of repeat", "count: 60", "count: 9999, every_: 1", "x.yaml:46:44: unknown key 'every_' in timeline.faults[0].repeat. Did you mean 'every'?" },
        { "a repetition of hours", "every: 200ms, count: 60", "every: 10m, count: 60", "x.yaml:46:36: timeline.faults[0] ends after 591m. The timeline may last 2h; lower count or every." },
        { "a jitter above its interval", "jitter: 50ms", "jitter: 250ms", "x.yaml:46:50: timeline.faults[0].repeat.jitter is longer than every: 250ms is above 200ms. Starts may move by one interval at most." },
        { "too many occurrences", "every: 200ms, count: 60", "every: 50ms, count: 10000", "x.yaml:38:5: timeline.faults comes to 10001 occurrences. At most 10000 are allowed in all; lower a count." },
        { "an unknown mutant", "name: client.fixed-delay", "name: client.fixed-dely", "x.yaml:56:13: unknown mutant 'client.fixed-dely'. Did you mean 'client.fixed-delay'?" },
        { "a killer that is no expectation", "killed_by: jitter", "killed_by: jiter", "x.yaml:56:44: killed_by names no expectation: 'jiter'. Did you mean 'jitter'?" },
        { "a duplicate id", "id: loss", "id: all-connected", "x.yaml:54:11: duplicate id 'all-connected'. Line 33 has it already; give this one a name of its own." },
        { "an unknown token", "$late", "$lat", "x.yaml:26:42: unknown token '$lat'. Did you mean 'late'?" },
        { "a step of two things", "- expect_close: 3005", "- { expect_close: 3005, publish_to: a }", "x.yaml:27:9: scripts[0].steps[3] has 'expect_close' and 'publish_to'. A step does one thing; make it several steps." },
        { "a wait for nothing", "- publish_to: acme:ch-000", "- { publish_to: a, within: 1s }", "x.yaml:30:34: scripts[0].steps[5] has 'within', but 'publish_to' waits for nothing. Only expect, expect_close, expect_silence wait; remove it." },
        { "an empty step", "- publish_to: acme:ch-000", "- {}", "x.yaml:30:9: scripts[0].steps[5] does nothing. Give it one of send, send_raw, send_bytes, expect, expect_close, expect_silence, publish_to, open, disconnect, pause, admin." },
        { "an unknown figure", "figure: disconnected_share", "figure: disconnected", "x.yaml:51:38: unknown figure 'disconnected'. Did you mean 'disconnected_share'?" },
    };

    [Theory]
    [MemberData(nameof(FullSlips))]
    public void One_slip_in_a_full_file_gives_one_error_where_it_is(string slip, string from, string to, string expected)
    {
        Assert.Contains(from, Samples.Full, StringComparison.Ordinal);
        _folder.Write("x.yaml", Samples.Full.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal($"{slip}: {expected}", $"{slip}: {string.Join("\n", _folder.Load().Errors)}");
    }

    [Theory]
    [InlineData("", "x.yaml:1:1: the file is empty. Begin with 'id:'; the files in experiments/checklist are examples.")]
    [InlineData("# only a comment\n", "x.yaml:1:1: the file is empty. Begin with 'id:'; the files in experiments/checklist are examples.")]
    [InlineData("- a\n- b\n", "x.yaml:1:1: the experiment must be a mapping, not a list. Begin with 'key: value' lines, without indentation.")]
    [InlineData("hello", "x.yaml:1:1: the experiment must be a mapping, not text ('hello'). Begin with 'key: value' lines, without indentation.")]
    public void A_file_of_something_else_is_told_as_such(string text, string expected)
    {
        _folder.Write("x.yaml", text);
        Assert.Equal(expected, string.Join("\n", _folder.Load().Errors));
    }

    [Fact]
    public void A_binary_file_is_told_by_its_first_zero()
    {
        _folder.Write("x.yaml", [.. "id: a\nok"u8, 0, 1, 2, 0xFF]);
        Assert.Equal("x.yaml:2:3: the file is binary. An experiment is YAML text; check that this is the file you meant.", string.Join("\n", _folder.Load().Errors));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_told_by_their_place()
    {
        _folder.Write("x.yaml", [.. "id: a\ntitle: é"u8, 0xE9, (byte)'x']);
        Assert.Equal("x.yaml:2:9: byte 0xE9 is not UTF-8. Save the file as UTF-8.", string.Join("\n", _folder.Load().Errors));
        _folder.Write("x.yaml", [0xFF, 0xFE, (byte)'i', 0]);
        Assert.Equal("x.yaml:1:1: the file is UTF-16. Save it as UTF-8.", string.Join("\n", _folder.Load().Errors));
    }

    [Fact]
    public void A_file_of_10_MB_is_refused_without_reading_it()
    {
        _folder.Write("x.yaml", new byte[10 << 20]);
        _folder.Load("worlds/one-region.yaml");
        var clock = Stopwatch.StartNew();
        var errors = _folder.Load().Errors;
        Assert.Equal("x.yaml:1:1: the file has 10.0 MB, the limit is 1 MB. An experiment is a page of YAML; check that this is the file you meant.", string.Join("\n", errors));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public void Aliases_cannot_make_a_small_file_large()
    {
        var bomb = string.Join('\n', Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat(i == 1 ? "x" : $"*a{i - 1}", 9))}]"));
        _folder.Write("x.yaml", bomb);
        Assert.Equal("x.yaml:1:1: the file comes to more than 20,000 values, or 32 levels, once its aliases are filled in. Use fewer aliases.", string.Join("\n", _folder.Load().Errors));
        _folder.Write("x.yaml", "a: " + new string('[', 100_000));
        Assert.Equal("x.yaml:1:36: nested deeper than 32 levels. Flatten it.", string.Join("\n", _folder.Load().Errors));
    }

    [Fact]
    public void A_path_that_is_not_there_is_an_error()
    {
        Assert.Equal("y.yaml: there is no such file or folder. Check the path; without one, experiments/checklist is meant.", string.Join("\n", _folder.Load("y.yaml").Errors));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        Assert.Equal("empty: no experiment is in this folder. Experiments are files that end in .yaml.", string.Join("\n", _folder.Load("empty").Errors));
    }

    [Fact]
    public void Two_files_cannot_have_one_id()
    {
        _folder.Write("a.yaml", Samples.Small);
        _folder.Write("b.yaml", Samples.Small);
        var result = _folder.Load(["a.yaml", "b.yaml"]);
        Assert.Equal("b.yaml:1:5: duplicate experiment 'small'. a.yaml:1 has this id already; give this one an id of its own.", string.Join("\n", result.Errors));
    }

    [Fact]
    public void A_broken_world_is_told_once_for_all_its_experiments()
    {
        _folder.Write("worlds/one-region.yaml", "name: one-region\nregions:\n  - { name: eu, gateway: 1, store: { kind: external } }\n");
        _folder.Write("a.yaml", Samples.Small);
        _folder.Write("b.yaml", Samples.Small.Replace("id: small", "id: b", StringComparison.Ordinal));
        Assert.Equal("""
            worlds/one-region.yaml:3:26: regions[0].gateway must be a mapping, not a number (1). A gateway that runs already, of any make: the world adds the proxy in front of it, and starts no gateway and no store. How many are started, gateways says.
            worlds/one-region.yaml:3:36: an external store lacks 'address'. Give its host:port.
            """, string.Join("\n", _folder.Load(["a.yaml", "b.yaml"]).Errors));
    }

    [Fact]
    public void Two_regions_cannot_have_one_store()
    {
        _folder.Write("worlds/one-region.yaml", """
            name: one-region
            regions:
              - { name: eu, store: { kind: external, address: "127.0.0.1:6379" } }
              - { name: us, store: { kind: external, address: "127.0.0.1:6379" } }
            rtt: [ { between: [eu, us], ms: 80 } ]
            """);
        _folder.Write("a.yaml", Samples.Small);
        Assert.Equal("worlds/one-region.yaml:4:51: two regions have the store at 127.0.0.1:6379. A region has a store of its own: give each another address.",
            string.Join("\n", _folder.Load(["a.yaml"]).Errors));
    }

    [Fact]
    public void All_errors_of_all_files_come_at_once_by_file_and_line()
    {
        _folder.Write("b.yaml", Samples.Small.Replace("count: 1", "cuont: 1", StringComparison.Ordinal).Replace("eu.clients", "us.clients", StringComparison.Ordinal).Replace("check: connected", "check: x", StringComparison.Ordinal));
        _folder.Write("a.yaml", "");
        var errors = _folder.Load(["b.yaml", "a.yaml"]).Errors;
        Assert.Equal(["a.yaml:1:1", "b.yaml:6:3", "b.yaml:7:9", "b.yaml:11:12"], errors.Select(e => $"{e.File}:{e.Line}:{e.Column}"));
    }
}
