using System.Text.Json.Nodes;
using Chaos.Conformance.Worlds;
using Chaos.Journal.Events;
using Chaos.Load.Scripts;
using Xunit;

namespace Chaos.Conformance;

/// <summary>Protocol scripts against the gateway, directly and through the proxy.</summary>
public sealed class ScriptTests
{
    private static readonly Dictionary<string, ScriptToken> Tokens = new()
    {
        ["alice"] = new("alice", "acme", 60), ["expired"] = new("alice", "acme", -30), ["forged"] = new("alice", "acme", 60, null, "bad-signature"),
        ["unsigned"] = new("alice", "acme", 60, null, "alg-none"),
    };

    [Theory]
    [InlineData("direct")]
    [InlineData("proxy")]
    public async Task A_script_sends_frames_and_finds_what_it_expects(string path)
    {
        await using var world = await World.StartAsync();
        var script = world.Script(path, Tokens,
            Send("""{"id":1,"connect":{"token":"$alice","name":"script"}}""", """{"id":2,"subscribe":{"channel":"acme:marker","positioned":true,"recoverable":true}}"""),
            Expect("""{"id":1,"connect":{"expires":true,"pong":true}}"""),
            Expect("""{"id":2,"subscribe":{"recoverable":true,"offset":0}}"""),
            PublishTo("acme:marker"),
            Expect("""{"push":{"channel":"acme:marker","pub":{"data":{"marker":"script"},"offset":1}}}"""),
            // Longer than the ping interval: pings are answered, or the gateway would close.
            new(null, null, null, null, ExpectSilence: true, WithinMs: World.PingMs + 500),
            Send("""{"id":3,"subscribe":{"channel":"globex:secret"}}"""),
            Expect("""{"id":3,"error":{"code":103}}"""));
        Assert.True(await script.RunAsync(TestContext.Current.CancellationToken), Steps(world));
        var steps = world.Journal.Of<ScriptStep>();
        Assert.Equal(Enumerable.Range(0, 8), steps.Select(s => s.Step));
        Assert.All(steps, step => Assert.True(step.Matched));
        Assert.Contains("$alice", steps[0].Sent);
        Assert.DoesNotContain(steps, step => step.Sent?.Contains("eyJ", StringComparison.Ordinal) ?? false);
        Assert.InRange(steps[5].ElapsedMs, World.PingMs + 490, World.PingMs + 30_000);
    }

    [Theory]
    [InlineData("$forged", 3500)]
    [InlineData("$unsigned", 3500)]
    [InlineData(null, 3501)]
    public async Task A_script_sees_the_code_of_a_close(string? token, int code)
    {
        await using var world = await World.StartAsync();
        var first = token is null ? """{"id":1,"subscribe":{"channel":"acme:a"}}""" : $$$"""{"id":1,"connect":{"token":"{{{token}}}"}}""";
        var script = world.Script("proxy", Tokens, Send(first), new ScriptStepDefinition(null, null, null, code, WithinMs: 30_000));
        Assert.True(await script.RunAsync(TestContext.Current.CancellationToken), Steps(world));
        Assert.Equal(code, world.Journal.Of<ScriptStep>()[1].CloseCode);
    }

    [Fact]
    public async Task A_script_that_is_disappointed_says_so_and_goes_on()
    {
        await using var world = await World.StartAsync();
        var script = world.Script("direct", Tokens,
            Send("""{"id":1,"connect":{"token":"$alice"}}"""),
            // The reply is not what it expects, but must be there before it gives up.
            Expect("""{"id":1,"error":{}}""") with { WithinMs = 5_000 },
            Send("""{"id":2,"subscribe":{"channel":"acme:marker"}}"""),
            PublishTo("acme:marker"),
            new(null, null, null, null, ExpectSilence: true, WithinMs: 30_000),
            new(null, null, null, 3500, WithinMs: 300));
        Assert.False(await script.RunAsync(TestContext.Current.CancellationToken));
        var steps = world.Journal.Of<ScriptStep>();
        Assert.Equal([true, false, true, true, false, false], steps.Select(s => s.Matched));
        Assert.Contains("connect", Assert.Single(steps[1].Received));
        Assert.True(steps[4].ElapsedMs < 30_000, "a broken silence ends its step");
    }

    [Fact]
    public async Task Where_nobody_listens_every_step_fails_and_says_why()
    {
        await using var world = await World.StartAsync();
        await world.Proxy.StopAsync();
        Assert.False(await world.Script("proxy", Tokens, Expect("{}"), Send("""{"id":1}""")).RunAsync(TestContext.Current.CancellationToken));
        Assert.All(world.Journal.Of<ScriptStep>(), step => Assert.Contains("no connection", Assert.Single(step.Received)));
    }

    [Fact]
    public async Task A_marker_that_cannot_be_published_is_a_failure_of_the_harness()
    {
        await using var world = await World.StartAsync();
        Assert.False(await world.Script("direct", Tokens, PublishTo($"acme:{new string('x', 300)}")).RunAsync(TestContext.Current.CancellationToken));
        Assert.Single(world.Journal.Of<HarnessFailed>());
    }

    [Fact]
    public async Task What_a_step_captured_is_used_on_another_connection()
    {
        await using var world = await World.StartAsync();
        var script = world.Script("proxy", Tokens,
            Send("""{"id":1,"connect":{"token":"$alice"}}"""),
            Expect("""{"id":1,"connect":{"data":{"resumed":false}}}""") with { Capture = new Dictionary<string, string> { ["token"] = "connect.data.resume" } },
            new(null, null, null, null) { Disconnect = true },
            Send("""{"id":1,"connect":{"token":"$alice","data":{"resume":"${token}"}}}""") with { On = "second" },
            Expect("""{"id":1,"connect":{"data":{"resumed":true}}}""") with { On = "second" },
            Send("""{"id":1,"connect":{"token":"$alice","data":{"resume":"x${token}"}}}""") with { On = "third" },
            Expect("""{"id":1,"connect":{"data":{"resumed":false,"reason":"tampered"}}}""") with { On = "third" });
        Assert.True(await script.RunAsync(TestContext.Current.CancellationToken), Steps(world));
    }

    [Theory]
    [InlineData("c328", false, 1, 1007)]
    [InlineData("7b7d", true, 1, 3501)]
    [InlineData("7b7d", false, 2, null)]
    public async Task Bytes_are_sent_as_they_are(string hex, bool binary, int fragments, int? close)
    {
        await using var world = await World.StartAsync();
        var bytes = new ScriptBytes([new ScriptBytesPart(null, hex), new ScriptBytesPart("\n", null, 2)], binary, fragments, EveryMs: 20);
        var script = world.Script("direct", Tokens,
            Send("""{"id":1,"connect":{"token":"$alice"}}"""),
            Expect("""{"id":1,"connect":{}}"""),
            new(null, null, null, null) { SendBytes = bytes },
            close is null ? Send("""{"id":2,"ping":{}}""") : new(null, null, null, close, WithinMs: 30_000),
            close is null ? Expect("""{"id":2}""") : new(null, null, null, close));
        Assert.True(await script.RunAsync(TestContext.Current.CancellationToken), Steps(world));
    }

    [Fact]
    public async Task Handshakes_and_administrative_calls_are_compared_with_what_they_must_answer()
    {
        await using var world = await World.StartAsync();
        var script = world.Script("direct", Tokens,
            new(null, null, null, null) { Open = new ScriptHandshake(403, "https://evil.example") },
            new(null, null, null, null) { Open = new ScriptHandshake() },
            Admin(new ScriptAdminCall("POST revoke", [], "none", 401, null)),
            Admin(new ScriptAdminCall("POST revoke", [], "wrong", 401, null)),
            Admin(new ScriptAdminCall("POST revoke", [], "admin", 400, JsonNode.Parse("""{"error":"one of user and jti is needed"}""")!.AsObject())),
            Admin(new ScriptAdminCall("GET audit", null, "admin", 500, null)));
        Assert.False(await script.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal([true, true, true, true, true, false], world.Journal.Of<ScriptStep>().Select(s => s.Matched));
    }

    private static ScriptStepDefinition Admin(ScriptAdminCall call) => new(null, null, null, null) { Admin = call };

    private static ScriptStepDefinition Send(params string[] messages) => new([.. messages.Select(m => JsonNode.Parse(m)!)], null, null, null);

    private static ScriptStepDefinition Expect(string message) => new(null, null, JsonNode.Parse(message)!.AsObject(), null, WithinMs: 30_000);

    private static ScriptStepDefinition PublishTo(string channel) => new(null, null, null, null, PublishTo: channel);

    private static string Steps(World world) => string.Join('\n', world.Journal.Of<ScriptStep>()
        .Select(s => $"{s.Step} {(s.Matched ? "ok" : "NOT")} sent {s.Sent} expected {s.Expected} close {s.CloseCode} received [{string.Join(" | ", s.Received)}]"));
}
