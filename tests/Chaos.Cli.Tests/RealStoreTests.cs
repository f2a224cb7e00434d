using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using StackExchange.Redis;

namespace Chaos.Cli.Tests;

/// <summary>The same experiments give the same verdicts on the embedded store and on a real Redis.</summary>
public sealed class RealStoreTests : IDisposable
{
    /// <summary>Those that ask the most of a store: scripts, expiry, idempotency, sessions, revocations, and a loss of connections.</summary>
    private static readonly string[] Chosen = ["idempotency", "resume-refusals", "tokens-and-channels", "audit"];

    /// <summary>What the embedded store gives: one run, which each real store is compared with.</summary>
    private static readonly Lazy<Task<string>> Embedded = new(EmbeddedAsync);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string World(string store) => $$"""
        name: real
        regions:
          - { name: eu, gateways: 1, store: {{store}} }
        """;

    private static async Task<string> EmbeddedAsync()
    {
        using var folder = new TempFolder();
        return await VerdictsAsync(folder, "embedded");
    }

    private static async Task<string> VerdictsAsync(TempFolder folder, string name, params string[] more)
    {
        var only = Chosen.SelectMany(id => new[] { "--only", id });
        var (exit, output, errors) = await ChaosProcess.RunAsync(["run", .. only, "--seed", "7", "--json", "--out", folder[name], .. more]);
        Assert.True(exit is 0 or 1, $"{name} ended with {exit}: {errors}");
        var experiments = JsonNode.Parse(output)!["experiments"]!.AsArray();
        // Sentences, not the whole document: a failure says what deviated within its first lines.
        var deviated = experiments.SelectMany(e => e!["expectations"]!.AsArray().Where(x => (string?)x!["outcome"] != "met").Select(x => $"{e["id"]} {x!["id"]}: {x["sentence"]}"));
        Assert.True(exit == 0, $"{name} deviated: {string.Join("; ", deviated)}");
        return string.Join('\n', experiments.SelectMany(e => e!["expectations"]!.AsArray().Select(x => $"{e["id"]} {x!["id"]} {x["outcome"]}")).Order(StringComparer.Ordinal));
    }

    private async Task SameAsync(string store)
    {
        _folder.Write("real.yaml", World(store));
        var embedded = await Embedded.Value;
        Assert.Equal(embedded, await VerdictsAsync(_folder, "real", "--world", _folder["real.yaml"]));
        Assert.Contains("idempotency ", embedded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_redis_server()
    {
        Need.Program("redis-server");
        await SameAsync("{ kind: process }");
    }

    [Fact]
    public async Task On_a_redis_that_runs_already()
    {
        Need.Program("redis-server");
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        holder.Stop();
        using var redis = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", Path.GetTempPath()]) { RedirectStandardOutput = true })!;
        try
        {
            for (string? line; (line = await redis.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)) is not null && !line.Contains("Ready to accept connections", StringComparison.Ordinal);) { }
            Assert.False(redis.HasExited, "redis-server did not start");

            await using var others = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
            await others.GetDatabase().StringSetAsync("chaos:somebody-elses", "kept");

            // All of them, side by side: what one leaves there must not be found by another.
            await SameAsync($"{{ kind: external, address: \"127.0.0.1:{port}\" }}");

            Assert.False(redis.HasExited, "what the run did not start it must not end");
            Assert.Equal(["chaos:somebody-elses"], others.GetServers().Single().Keys().Select(k => k.ToString()));
            var emptied = JournalReader.Read(_folder["real/journal.jsonl"]).Events.OfType<StoreEmptied>().ToList();
            Assert.Equal(Chosen.Length, emptied.Select(e => e.Prefix).Distinct().Count());
            Assert.All(emptied, e => Assert.True(e is { Store: "eu.redis", Keys: > 0, Problem: null }, e.ToString()));
        }
        finally
        {
            redis.Kill();
        }
    }

    [Fact]
    public async Task On_a_redis_in_a_container() => await SameAsync($"{{ kind: container, image: \"{Need.RedisImage()}\" }}");

    [Theory]
    [InlineData("{ kind: process, program: /nowhere/redis-server }", "/nowhere/redis-server cannot be started")]
    [InlineData("{ kind: container, image: \"nobody/has-this:1\" }", "no container of nobody/has-this:1")]
    public async Task A_store_that_cannot_be_had_is_told_with_what_to_do(string store, string expected)
    {
        _folder.Write("real.yaml", World(store));
        var (exit, output, errors) = await ChaosProcess.RunAsync("run", "--only", "idempotency", "--seed", "7", "--out", _folder["out"], "--world", _folder["real.yaml"]);
        Assert.Equal(70, exit);
        Assert.Contains(expected, (output + errors).ReplaceLineEndings(" "), StringComparison.Ordinal);
    }
}
