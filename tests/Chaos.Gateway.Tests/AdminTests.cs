using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Gateway.Admin;
using Chaos.Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chaos.Gateway.Tests;

public sealed class AdminTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"audit-{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Every_call_is_audited_before_it_acts_also_refused_ones_across_restarts()
    {
        var channel = TestStore.Channel();
        await using (var node = await Node.StartAsync(s => s with { AuditFile = _file }))
        {
            await using var ann = await WireClient.ConnectAsync(node.Address);
            await ann.SubscribeAsync(channel);
            Assert.Equal(401, (await node.AdminAsync("/admin/publish", new { channel, data = 1 }, token: "wrong")).Status);
            Assert.Equal(400, (await node.AdminAsync("/admin/publish", new { channel })).Status);
            Assert.Equal(404, (await node.AdminAsync("/admin/nothing", new { })).Status);
            Assert.Equal(200, (await node.AdminAsync("/admin/publish", new { channel, data = new { n = 1 } })).Status);
            Assert.Equal(1, (int)(await ann.PublicationAsync(channel)).Data["n"]!);
        }
        await using (var again = await Node.StartAsync(s => s with { AuditFile = _file }))
        {
            Assert.Equal(400, (await again.AdminAsync("/admin/disconnect", new { user = "ann", code = 99 })).Status);
            var entries = JsonNode.Parse((await again.AdminAsync("/admin/audit", null, method: "GET")).Body)!["entries"]!.AsArray();
            Assert.Equal(["refused", "refused", "refused", "accepted", "refused", "accepted"], entries.Select(e => (string)e!["details"]!["decision"]!));
            Assert.Equal([1L, 2, 3, 4, 5, 6], entries.Select(e => (long)e!["seq"]!));
        }
        Assert.Null(AuditChain.Verify(File.ReadAllBytes(_file)));
    }

    [Fact]
    public async Task Users_are_disconnected_and_revoked_on_every_node()
    {
        await using var one = await Node.StartAsync();
        await using var two = await Node.StartAsync();
        var (ann, bob) = ("ann-" + Guid.NewGuid().ToString("N")[..6], "bob-" + Guid.NewGuid().ToString("N")[..6]);
        await using var a = await WireClient.ConnectAsync(two.Address, ann);
        await using var b = await WireClient.ConnectAsync(two.Address, bob);
        await using var jti = await WireClient.ConnectAsync(two.Address, token: Tokens.Connect(jti: bob));
        await one.AdminAsync("/admin/disconnect", new { user = ann });
        Assert.Equal(3503, await a.CloseCodeAsync());
        await one.AdminAsync("/admin/revoke", new { user = bob });
        Assert.Equal(3500, await b.CloseCodeAsync());
        await one.AdminAsync("/admin/revoke", new { jti = bob });
        Assert.Equal(3500, await jti.CloseCodeAsync());
        await using var third = await Node.StartAsync();
        await using var back = await WireClient.OpenAsync(third.Address);
        await back.SendAsync("connect", new JsonObject { ["token"] = Tokens.Connect(bob, now: TimeProvider.System.GetUtcNow().AddSeconds(-5)) });
        Assert.Equal(3500, await back.CloseCodeAsync());
    }

    [Fact]
    public async Task A_draining_node_takes_nothing_new_and_sends_its_clients_away_over_a_window()
    {
        await using var node = await Node.StartAsync(s => s with { DrainWindowMs = 400 });
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => WireClient.ConnectAsync(node.Address, "u" + i)));
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(200, (await node.AdminAsync("/admin/drain", null)).Status);
        Assert.Equal(503, (await node.GetAsync("/readyz")).Status);
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => WireClient.OpenAsync(node.Address));
        foreach (var client in clients)
        {
            Assert.Equal(3001, await client.CloseCodeAsync());
            await client.DisposeAsync();
        }
        Assert.True(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds >= 290);
    }

    [Fact]
    public void Changes_removals_swaps_and_insertions_break_the_chain()
    {
        using (var log = Log())
        {
            for (var i = 0; i < 5; i++) log.Write("admin", "act", new { n = i, text = "<ü>" });
        }
        var lines = File.ReadAllLines(_file);
        static byte[] Join(IEnumerable<string> l) => Encoding.UTF8.GetBytes(string.Join('\n', l) + "\n");
        Assert.Null(AuditChain.Verify(Join(lines)));
        Assert.Contains("changed", AuditChain.Verify(Join(lines.Select((l, i) => i == 2 ? l.Replace("\"n\":2", "\"n\":3", StringComparison.Ordinal) : l))));
        Assert.NotNull(AuditChain.Verify(Join(lines.Where((_, i) => i != 2))));
        Assert.NotNull(AuditChain.Verify(Join(lines.Skip(1))));
        Assert.NotNull(AuditChain.Verify(Join([lines[0], lines[2], lines[1], lines[3], lines[4]])));
        Assert.NotNull(AuditChain.Verify(Join([lines[0], "junk", .. lines[1..]])));
        Assert.NotNull(AuditChain.Verify(Join([lines[0], lines[0], .. lines[1..]])));
    }

    [Fact]
    public void A_line_torn_by_a_crash_is_vouched_for_by_the_next_entry()
    {
        using (var log = Log())
        {
            log.Write("admin", "first", new { });
            log.Write("admin", "second", new { });
        }
        var bytes = File.ReadAllBytes(_file);
        for (var cut = 1; cut < 120; cut += 13)
        {
            File.WriteAllBytes(_file, bytes[..^cut]);
            Assert.Null(AuditChain.Verify(File.ReadAllBytes(_file)));
            using (var log = Log()) log.Write("admin", "third", new { });
            Assert.Null(AuditChain.Verify(File.ReadAllBytes(_file)));
            Assert.Equal("third", (string?)JsonNode.Parse(File.ReadAllLines(_file)[^1])!["action"]);
        }
    }

    [Fact]
    public async Task What_was_audited_survives_kill_9()
    {
        // This very program, started again as the victim: it writes entries, says how many after each, and is killed in the middle.
        var start = new ProcessStartInfo(Environment.ProcessPath!, Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(AdminTests).Assembly.Location] : [])
        {
            RedirectStandardOutput = true,
            Environment = { ["CHAOS_AUDIT_VICTIM"] = _file },
        };
        using var victim = Process.Start(start)!;
        var said = 0;
        while (said < 50 && await victim.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("audited ", StringComparison.Ordinal)) said = int.Parse(line["audited ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        }
        victim.Kill();
        await victim.WaitForExitAsync();
        Assert.True(said >= 50, "the victim did not get to write");
        var bytes = File.ReadAllBytes(_file);
        Assert.Null(AuditChain.Verify(bytes));
        Assert.True(AuditChain.Parse(bytes).Count(l => l.Entry is not null) >= said);
    }

    private AuditLog Log() => AuditVictim.Log(_file);
}

/// <summary>The process that is killed while it audits.</summary>
internal static class AuditVictim
{
    public static AuditLog Log(string file) => new(Node.Settings with { AuditFile = file }, TimeProvider.System, NullLogger<AuditLog>.Instance);

    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable("CHAOS_AUDIT_VICTIM") is not { Length: > 0 } file) return;
        using var log = Log(file);
        for (var n = 1; ; n++)
        {
            log.Write("admin", "act", new { n });
            Console.WriteLine($"audited {n}");
        }
    }
}
