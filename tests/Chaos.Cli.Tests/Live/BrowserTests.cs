using System.Text.RegularExpressions;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Proxy.Client;
using Microsoft.Playwright;

namespace Chaos.Cli.Tests.Live;

/// <summary>The live page in a browser, beside a run. What it looks like is kept in <c>reports/out/live-page</c>.</summary>
public sealed partial class BrowserTests
{
    private const string Experiment = """
        id: seen
        title: A fleet is slowed down until somebody halts it
        checklist: Session resume token where feasible
        world: one-region
        fleet: { client: reference, count: 20, channels: 2, link: eu.clients, feed: { from: clients, rate_per_s: 40 } }
        timeline:
          baseline: 2s
          faults:
            - { name: slow, link: eu.clients, fault: latency, for: 600s, attributes: { latency: 60, jitter: 20 } }
            - { name: away, link: eu.redis, fault: blackhole, at: 500s, for: 5s, stream: both }
          recovery: 12s
        expectations:
          - { id: nothing-lost, check: loss, during: run }
        """;

    [Fact]
    public async Task A_fault_is_seen_within_two_seconds_and_halting_takes_it_off_for_good()
    {
        await using var browser = await Browser.StartAsync();
        using var folder = new TempFolder();
        using var chaos = ChaosProcess.Start("run", folder.Write("seen.yaml", Experiment), "--ui=0", "--out", folder["out"], "--seed", "7");
        var page = await browser.OpenAsync(await AddressAsync(chaos));
        var strip = page.Locator("#strip");

        // Seen in time.
        await Assertions.Expect(strip).ToHaveAttributeAsync("data-state", "fault");
        await Assertions.Expect(strip).ToContainTextAsync("latency on eu.clients");
        var seenAt = await page.EvaluateAsync<long>("window.faultSeenAt");
        var on = JournalReader.Read(folder["out/journal.jsonl"]).Events.OfType<FaultOn>().Single();
        // Two seconds of a machine that runs: what it stood still for is nobody's delay.
        Assert.InRange(seenAt - (on.At / 1000), 0, 2_000 + await page.EvaluateAsync<long>("window.stoodStillMs"));
        await Assertions.Expect(page.Locator("#say")).ToContainTextAsync("Fault on: latency on eu.clients");
        await Assertions.Expect(page.Locator("#connected")).ToContainTextAsync("20 / 20");
        await Assertions.Expect(page.Locator("#delivery td").First).Not.ToHaveTextAsync("–");
        await Assertions.Expect(page.Locator("#map svg")).ToHaveAttributeAsync("aria-label", SlowLink());
        Assert.InRange(await page.EvaluateAsync<double>("window.shift"), 0, 0.02);
        await Browser.KeepAsync(page, "fault");

        // Asked first, and taken back.
        await page.Keyboard.PressAsync("h");
        await Assertions.Expect(page.Locator("#confirm-halt")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#confirm")).ToBeHiddenAsync();
        using var proxy = new ControlClient(ProxyOf(folder));
        Assert.NotEmpty(await proxy.ListFaultsAsync());

        // Meant.
        await page.Keyboard.PressAsync("h");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(strip).ToContainTextAsync("All faults halted");
        Assert.Empty(await proxy.ListFaultsAsync());
        var refused = await Assert.ThrowsAsync<ControlException>(() => proxy.AddFaultAsync("eu.clients", new FaultRequest("again", "latency", "downstream")));
        Assert.Equal(409, refused.Status);
        await Browser.KeepAsync(page, "halted");

        // The engine has heard of it: it recovers, and ends in order.
        await Assertions.Expect(strip).ToContainTextAsync("interrupted");
        var exitCode = await chaos.ExitAsync(TimeSpan.FromSeconds(120));
        Assert.True(exitCode == 130, $"exit code {exitCode}\n{chaos.Output}\n{chaos.Errors}");
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        Assert.Equal("halt", Assert.Single(events.OfType<FaultOff>()).Reason);
        Assert.Empty(events.OfType<HarnessFailed>());
        Assert.Contains(events.OfType<PhaseEntered>(), p => p.Phase == Phases.Recovery);
        Assert.Contains("halted all faults", chaos.Output, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#pulse")).ToHaveTextAsync("run ended");
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task A_run_of_somebody_else_is_watched_and_halted_too()
    {
        await using var browser = await Browser.StartAsync();
        using var folder = new TempFolder();
        using var chaos = ChaosProcess.Start("run", folder.Write("seen.yaml", Experiment), "--out", folder["out"], "--seed", "7");
        await Wait.UntilAsync(() => chaos.HasExited || folder.Journal().Contains("\"fault.on\"", StringComparison.Ordinal), TimeSpan.FromSeconds(120), () => chaos.Output + chaos.Errors);
        using var watch = ChaosProcess.Start("watch", folder["out"], "--port", "0");
        var page = await browser.OpenAsync(await AddressAsync(watch));
        await Assertions.Expect(page.Locator("#strip")).ToContainTextAsync("latency on eu.clients");
        await page.Locator("#halt").ClickAsync();
        await page.Locator("#confirm-halt").ClickAsync();
        await Assertions.Expect(page.Locator("#strip")).ToContainTextAsync("All faults halted");
        var exitCode = await chaos.ExitAsync(TimeSpan.FromSeconds(120));
        Assert.True(exitCode == 130, $"exit code {exitCode}\n{chaos.Output}\n{chaos.Errors}");

        // The page outlives the run, judges it, and has no button any more.
        await Assertions.Expect(page.Locator("#strip")).ToContainTextAsync("interrupted");
        await Assertions.Expect(page.Locator("#halt")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#halt-why")).ToContainTextAsync("the run has ended");
        Assert.Empty(browser.Errors);
        watch.Signal("INT");
        Assert.Equal(0, await watch.ExitAsync(TimeSpan.FromSeconds(60)));
    }

    private static async Task<Uri> AddressAsync(ChaosProcess chaos)
    {
        await Wait.UntilAsync(() => chaos.HasExited || Address().IsMatch(chaos.Output), TimeSpan.FromSeconds(120), () => $"no page\n{chaos.Output}\n{chaos.Errors}");
        var found = Address().Match(chaos.Output);
        Assert.True(found.Success, $"no page\n{chaos.Output}\n{chaos.Errors}");
        return new Uri(found.Value);
    }

    private static Uri ProxyOf(TempFolder folder) => new($"http://{JournalReader.Read(folder["out/journal.jsonl"]).Events.OfType<PartStarted>().Single(p => p.Role == "proxy").Address}");

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    [GeneratedRegex("latency on eu.clients")]
    private static partial Regex SlowLink();
}
