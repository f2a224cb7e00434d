using System.Net;
using System.Text.Json.Nodes;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Tests.Support;
using Chaos.Gateway.Upstream;
using Microsoft.AspNetCore.Http;

namespace Chaos.Gateway.Tests;

public sealed class UpstreamTests
{
    private const string Redis = "dependency=\"redis\"";
    private const string Upstream = "dependency=\"upstream\"";

    private static int Code(JsonObject reply) => (int?)reply["error"]?["code"] ?? 0;

    /// <summary>Gives up after fractions of a second. What it was asked for in vain is tried again by nobody, so who counts on answers leaves it its time.</summary>
    private static readonly DependencySettings Impatient = new() { BreakerSamplingMs = 5_000, BreakerBreakMs = 500, AttemptTimeoutMs = 200, TotalTimeoutMs = 600 };

    private static readonly DependencySettings Patient = Impatient with { AttemptTimeoutMs = 30_000, TotalTimeoutMs = 60_000 };

    private static Task<Node> NodeAsync(string url, int allowTtlMs = 0, DependencySettings? dependency = null) => Node.StartAsync(s => s with
    {
        Channels = [new ChannelRule { Pattern = "*:open-*" }, new ChannelRule { Pattern = "*:never-*", Subscribe = false, Publish = false, Ask = true }, new ChannelRule { Pattern = "*", Ask = true }],
        Upstream = new UpstreamSettings
        {
            Url = url,
            AllowTtlMs = allowTtlMs,
            Dependency = dependency ?? Patient,
        },
    });

    public static TheoryData<string> Failures => ["status 503", "status 404", "status 302", "aborts", "breaks off", "hangs"];

    private static Func<HttpContext, Task> Failing(string how) => how switch
    {
        "aborts" => ScriptedUpstream.Aborts,
        "breaks off" => ScriptedUpstream.BreaksOff,
        "hangs" => ScriptedUpstream.Hangs,
        _ => ScriptedUpstream.Status(int.Parse(how["status ".Length..], System.Globalization.CultureInfo.InvariantCulture)),
    };

    [Fact]
    public async Task The_service_of_worlds_allows_what_is_of_the_users_own_tenant_and_nothing_else()
    {
        await using var service = await UpstreamService.StartAsync(new IPEndPoint(IPAddress.Loopback, 0));
        await using var node = await NodeAsync(service.Address.ToString());
        await using var ann = await WireClient.ConnectAsync(node.Address, "ann", "acme");
        Assert.Equal(0, Code(await ann.SubscribeAsync("acme:news")));
        Assert.Equal(0, Code(await ann.PublishAsync("acme:news", new JsonObject { ["n"] = 1 })));
        Assert.Equal(103, Code(await ann.SubscribeAsync("globex:news")));
        Assert.Equal(103, Code(await ann.PublishAsync("globex:news", new JsonObject { ["n"] = 1 })));
        Assert.Equal(103, Code(await ann.CallAsync("history", new JsonObject { ["channel"] = "globex:news", ["limit"] = -1 })));
        using var http = new HttpClient { BaseAddress = service.Address };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(new Uri("/authorize?user=ann&tenant=acme&channel=acme:news", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(new Uri("/authorize?user=ann&tenant=&channel=:news&action=subscribe", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task It_is_asked_for_what_the_rules_allow_and_for_nothing_else()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var node = await NodeAsync(upstream.Url);
        await using var ann = await WireClient.ConnectAsync(node.Address, "ann&tenant=globex", "acme");
        Assert.Equal(0, Code(await ann.SubscribeAsync("acme:open-a")));
        Assert.Equal(103, Code(await ann.SubscribeAsync("acme:never-a")));
        Assert.Empty(upstream.Questions);
        Assert.Equal(0, Code(await ann.SubscribeAsync("acme:a")));
        Assert.Equal("/authorize?user=ann%26tenant%3Dglobex&tenant=acme&channel=acme%3Aa&action=subscribe", Assert.Single(upstream.Questions));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Without_an_answer_nobody_is_let_in_and_nobody_is_told_no(string how)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var node = await NodeAsync(upstream.Url, dependency: Impatient);
        await using var ann = await WireClient.ConnectAsync(node.Address);
        upstream.Answer = Failing(how);
        foreach (var reply in new[] { await ann.SubscribeAsync("acme:a"), await ann.PublishAsync("acme:a", new JsonObject { ["n"] = 1 }) })
        {
            Assert.Equal(100, Code(reply));
            Assert.True((bool)reply["error"]!["temporary"]!);
        }
        Assert.Equal(1, await node.MetricAsync("chaos_publishes_total", "outcome=\"unavailable\""));
        // Nothing is sent but what is counted: no layer below tries again by itself. An attempt that was given up early may not have arrived.
        Assert.InRange(upstream.Questions.Count, 1, await node.MetricAsync("chaos_dependency_attempts_total", Upstream));
        upstream.Answer = ScriptedUpstream.Status(200);
        await Until.TrueAsync(async () => Code(await ann.SubscribeAsync("acme:a")) == 0, "the subscription is let in");
    }

    [Fact]
    public async Task A_broken_upstream_opens_its_own_breaker_while_redis_and_the_node_are_well()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var node = await NodeAsync(upstream.Url);
        await using var ann = await WireClient.ConnectAsync(node.Address);
        await using var ben = await WireClient.ConnectAsync(node.Address, "ben");
        Assert.Equal(0, Code(await ann.SubscribeAsync("acme:a")));
        upstream.Answer = ScriptedUpstream.Status(503);
        await Until.TrueAsync(async () =>
        {
            Assert.Equal(100, Code(await ben.SubscribeAsync("acme:a")));
            return await node.MetricAsync("chaos_breaker_state", Upstream) == 2;
        }, "the breaker opens");
        Assert.Equal(0, await node.MetricAsync("chaos_breaker_state", Redis));
        Assert.Equal(0, await node.MetricAsync("chaos_dependency_requests_total", Redis, "outcome=\"failed\""));
        Assert.True(await node.MetricAsync("chaos_dependency_requests_total", Upstream, "outcome=\"failed\"") >= 1);
        Assert.Equal(200, (await node.GetAsync("/readyz")).Status);

        // Who is in stays in, and gets what others publish.
        Assert.Equal(200, (await node.AdminAsync("/admin/publish", new { channel = "acme:a", data = new { n = 7 } })).Status);
        Assert.Equal(7, (int)(await ann.PublicationAsync("acme:a")).Data["n"]!);

        var requests = await node.MetricAsync("chaos_dependency_requests_total", Upstream);
        Assert.True(await node.MetricAsync("chaos_dependency_attempts_total", Upstream) <= (1.1 * requests) + 10);
        upstream.Answer = ScriptedUpstream.Status(200);
        await Until.TrueAsync(async () => Code(await ben.SubscribeAsync("acme:a")) == 0, "the subscription is let in");
        Assert.Equal(0, await node.MetricAsync("chaos_breaker_state", Upstream));
        Assert.True(await node.MetricAsync("chaos_breaker_probes_total", Upstream) >= 1);
    }

    [Fact]
    public async Task What_was_allowed_is_remembered_for_its_user_channel_and_action_and_a_denial_never()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var node = await NodeAsync(upstream.Url, allowTtlMs: 600_000);
        await using var ann = await WireClient.ConnectAsync(node.Address, "ann");
        await using var ben = await WireClient.ConnectAsync(node.Address, "ben");
        var message = new JsonObject { ["n"] = 1 };
        for (var i = 0; i < 3; i++) Assert.Equal(0, Code(await ann.PublishAsync("acme:a", message)));
        Assert.Single(upstream.Questions);
        upstream.Answer = ScriptedUpstream.Status(403);
        Assert.Equal(0, Code(await ann.PublishAsync("acme:a", message)));
        Assert.Equal(103, Code(await ann.PublishAsync("acme:b", message)));
        Assert.Equal(103, Code(await ann.SubscribeAsync("acme:a")));
        Assert.Equal(103, Code(await ben.PublishAsync("acme:a", message)));
        upstream.Answer = ScriptedUpstream.Status(200);
        Assert.Equal(0, Code(await ben.PublishAsync("acme:a", message)));
    }

    [Fact]
    public async Task An_answer_is_forgotten_when_its_time_is_over()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var node = await NodeAsync(upstream.Url, allowTtlMs: 100);
        await using var ann = await WireClient.ConnectAsync(node.Address);
        Assert.Equal(0, Code(await ann.PublishAsync("acme:a", new JsonObject { ["n"] = 1 })));
        upstream.Answer = ScriptedUpstream.Status(403);
        await Until.TrueAsync(async () => Code(await ann.PublishAsync("acme:a", new JsonObject { ["n"] = 2 })) == 103, "it is asked again");
    }

    [Fact]
    public void Settings_that_ask_nobody_are_refused()
    {
        var asks = Node.Settings with { Channels = [new ChannelRule { Ask = true }] };
        Assert.Contains("set upstream.url", Assert.Single(SettingsValidator.Errors(asks)), StringComparison.Ordinal);
        var wrong = asks with { Upstream = new UpstreamSettings { Url = "redis:6379", AllowEntries = 0, Dependency = new DependencySettings { Retries = 11 } } };
        Assert.Equal(["upstream.allow_entries", "upstream.dependency.retries", "upstream.url"], SettingsValidator.Errors(wrong).Select(e => e[..e.IndexOf(':', StringComparison.Ordinal)]).Order());
        Assert.Empty(SettingsValidator.Errors(asks with { Upstream = new UpstreamSettings { Url = "http://127.0.0.1:8100" } }));
    }
}
