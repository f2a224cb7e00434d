using Chaos.Client.Parts;
using Chaos.Client.Policies;
using Chaos.Client.Tests.Machine;
using Chaos.Mutants;
using Xunit;

namespace Chaos.Client.Tests.Mutants;

public sealed class ClientMutantTests
{
    private static readonly ClientPolicy Policy = new() { BaseMs = 100, Factor = 2, CapMs = 1_600 };

    [Theory]
    [InlineData("client.fixed-delay", nameof(ClientParts.Backoff))]
    [InlineData("client.in-step-at-cap", nameof(ClientParts.Backoff))]
    [InlineData("client.jitter-above-cap", nameof(ClientParts.Backoff))]
    [InlineData("client.one-draw-per-process", nameof(ClientParts.Backoff))]
    [InlineData("client.no-delay", nameof(ClientParts.Backoff))]
    [InlineData("client.no-growth", nameof(ClientParts.Backoff))]
    [InlineData("client.reset-on-open", nameof(ClientParts.AttemptReset))]
    [InlineData("client.reset-on-ack-without-delay", nameof(ClientParts.AttemptReset), nameof(ClientParts.Backoff))]
    [InlineData("client.no-liveness", nameof(ClientParts.Liveness))]
    [InlineData("client.impatient-liveness", nameof(ClientParts.Liveness))]
    [InlineData("client.pings-without-deadline", nameof(ClientParts.Liveness))]
    [InlineData("client.waits-for-close", nameof(ClientParts.CloseWait))]
    [InlineData("client.stuck-offset", nameof(ClientParts.Recovery), nameof(ClientParts.Deduplicator))]
    [InlineData("client.no-dedup", nameof(ClientParts.Deduplicator))]
    [InlineData("client.no-recovery", nameof(ClientParts.Recovery))]
    [InlineData("client.resend-without-ids", nameof(ClientParts.ResendBuffer))]
    [InlineData("client.no-resend", nameof(ClientParts.ResendBuffer))]
    [InlineData("client.retries-terminal", nameof(ClientParts.TerminalCodes))]
    [InlineData("client.gives-up", nameof(ClientParts.TerminalCodes))]
    public void A_mutant_replaces_its_part_and_no_other(string name, params string[] parts)
    {
        var mutated = Change(name);
        var changed = typeof(ClientParts).GetProperties()
            .Where(p => p.PropertyType.IsInterface && !ReferenceEquals(p.GetValue(mutated), p.GetValue(ClientParts.Reference)))
            .Select(p => p.Name);
        Assert.Equal(parts.Order(), changed.Order());
    }

    [Fact]
    public void Names_are_unique_and_found_and_summaries_are_sentences()
    {
        Assert.Equal(MutantCatalogue.All.Count, MutantCatalogue.All.Select(m => m.Name).Distinct().Count());
        Assert.Equal(23, MutantCatalogue.All.OfType<ClientMutant>().Count());
        Assert.All(MutantCatalogue.All, m => Assert.Same(m, MutantCatalogue.Find(m.Name)));
        Assert.All(MutantCatalogue.All, m => Assert.EndsWith(".", m.Summary, StringComparison.Ordinal));
        Assert.Null(MutantCatalogue.Find("client.no-such"));
    }

    /// <summary>What each backoff does at the first attempts and at the cap, over 500 clients: distinct delays and their range.</summary>
    [Theory]
    [InlineData("client.fixed-delay", 1, 100, 100, 1, 100, 100)]
    [InlineData("client.no-delay", 1, 0, 0, 1, 0, 0)]
    [InlineData("client.in-step-at-cap", 500, 200, 400, 1, 1_600, 1_600)]
    [InlineData("client.jitter-above-cap", 500, 200, 400, 500, 1_600, 3_200)]
    [InlineData("client.one-draw-per-process", 1, 0, 200, 1, 0, 1_600)]
    [InlineData("client.no-growth", 500, 0, 100, 500, 0, 100)]
    public void Backoff_mutants_are_wrong_in_their_own_way(string name, int firstDistinct, double firstMin, double firstMax, int capDistinct, double capMin, double capMax)
    {
        var parts = Change(name);
        var clients = Enumerable.Range(0, 500).Select(i =>
        {
            var rig = new Rig(parts, Policy, $"c-{i}");
            BackoffTests.Refuse(rig, 8);
            return rig;
        }).ToList();
        Check(1, firstDistinct, firstMin, firstMax);
        Check(8, capDistinct, capMin, capMax);

        void Check(int attempt, int distinct, double min, double max)
        {
            var delays = clients.Select(rig => rig.Attempts[attempt].DelayMs).ToList();
            Assert.Equal(distinct, delays.Distinct().Count());
            Assert.All(delays, delay => Assert.InRange(delay, min, max));
        }
    }

    [Fact]
    public void Reset_on_open_forgets_its_attempts_when_a_socket_opens()
    {
        var rig = new Rig(Change("client.reset-on-open"), Policy);
        BackoffTests.Refuse(rig, 5);
        Assert.Equal(5, rig.Attempts[^1].Attempt);
        rig.Open();
        rig.End();
        rig.UntilDial();
        Assert.Equal(0, rig.Attempts[^1].Attempt);
    }

    [Theory]
    [InlineData("client.no-liveness", 0)]
    [InlineData("client.pings-without-deadline", 1_799)]
    public void Without_a_deadline_an_hour_of_silence_changes_nothing(string name, int heartbeats)
    {
        var rig = new Rig(Change(name));
        rig.Connect(ping: 2);
        rig.Pass(3_599_999);
        Assert.Equal(heartbeats, rig.Pongs);
        Assert.Empty(rig.Aborts);
        rig.Receive("{}");
        Assert.Equal(heartbeats + 1, rig.Pongs);
    }

    [Fact]
    public void Waits_for_close_notices_in_time_but_reconnects_a_minute_late()
    {
        var rig = new Rig(Change("client.waits-for-close"));
        rig.Connect(ping: 2);
        rig.Pass(3_000);
        Assert.Equal([(1, 1000)], rig.Closes);
        rig.Pass(59_999);
        Assert.DoesNotContain("disconnected liveness ", rig.Seen);
        rig.Pass(1);
        Assert.Contains("disconnected liveness ", rig.Seen);
        rig.UntilDial();
    }

    [Fact]
    public void Waits_for_close_comes_back_when_the_close_is_answered()
    {
        var rig = new Rig(Change("client.waits-for-close"));
        rig.Connect(ping: 2);
        rig.Pass(3_000);
        rig.End("close", 1000);
        Assert.Contains("disconnected liveness ", rig.Seen);
    }

    [Theory]
    [InlineData("client.no-dedup", Ordeal.Duplicate)]
    [InlineData("client.stuck-offset", Ordeal.Duplicate, Ordeal.Gap)]
    [InlineData("client.no-recovery", Ordeal.Gap)]
    [InlineData("client.resend-without-ids", Ordeal.EventTwice)]
    [InlineData("client.no-resend", Ordeal.EventLost)]
    [InlineData("client.retries-terminal", Ordeal.AfterTerminal)]
    [InlineData("client.no-growth")]
    [InlineData("client.waits-for-close")]
    public void Random_events_find_exactly_what_a_mutant_breaks(string name, params string[] broken)
    {
        const int Seed = 41;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var random = new Random(Seed);
        var found = new SortedSet<string>();
        for (var run = 0; run < 200; run++)
        {
            var events = Enumerable.Range(0, 80).Select(_ => (random.Next(Ordeal.Kinds), random.Next(2_000))).ToList();
            found.UnionWith(Ordeal.Run(events, Change(name)));
        }

        Assert.Equal(broken.Order(), found.Order());
    }

    [Fact]
    public void Resent_bodies_differ_in_their_key_alone()
    {
        var rig = new Rig(Change("client.resend-without-ids"));
        rig.Connect();
        rig.Publish("m1");
        rig.End();
        rig.Connect();
        Assert.Equal("""{"mid":"m1#1","n":1}""", rig.Last("publish")["data"]!.ToJsonString());
        rig.Fail(rig.LastId("publish"), 103);
        Assert.Contains("failed m1 103", rig.Seen);
    }

    private static ClientParts Change(string name) => Assert.IsType<ClientMutant>(MutantCatalogue.Find(name)).Change(ClientParts.Reference);
}
