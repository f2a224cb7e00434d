using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Load.Fleets;
using Xunit;

namespace Chaos.Simulation.Tests;

/// <summary>The judge of real runs judges simulations.</summary>
public sealed class VerdictTests
{
    [Fact]
    public async Task The_reference_passes()
    {
        var simulated = await Simulated.RunAsync(Storm.Experiment(Wide.Gateway), Storm.Clients(3_000));
        Assert.True(simulated.Verdict.Outcome == Outcome.Passed, simulated.Only.Sentence);
        Assert.Equal(3_000, simulated.Only.FaultHits["cut"] - Rows.All(simulated).Count(a => a.Status == 0));
        Assert.All(simulated.Only.Expectations, e => Assert.True(e.Deciding!.Sample >= 3_000));
    }

    [Theory]
    [InlineData("client.fixed-delay", "jitter")]
    [InlineData("client.one-draw-per-process", "jitter")]
    [InlineData("client.in-step-at-cap", "jitter")]
    [InlineData("client.no-growth", "growth")]
    [InlineData("client.jitter-above-cap", "cap")]
    public async Task A_broken_backoff_is_caught_by_the_expectation_that_is_about_it(string mutant, string killedBy)
    {
        var simulated = await Simulated.RunAsync(Storm.Experiment(), Storm.Clients(400, mutant));
        Assert.True(Judge.Kills(simulated.Only, killedBy), simulated.Only.Sentence);
        Assert.Equal(mutant, simulated.Only.Mutant);
    }

    [Fact]
    public async Task Rows_are_judged_exactly_as_the_lines_of_real_clients_are()
    {
        var storm = Storm.Experiment(Wide.Gateway);
        storm = storm with
        {
            Expectations =
            [
                .. storm.Expectations,
                new ExpectationDefinition("peak", "arrivals", "faults", new JsonObject { ["capacity_per_s"] = 2_000 }),
                new ExpectationDefinition("drained", "reconnect_time", "cut", new JsonObject { ["p95_ms"] = 17_000, ["p99_ms"] = 12_000 }),
            ],
        };
        var simulated = await Simulated.RunAsync(storm, Storm.Clients(700));
        var rows = simulated.Only;
        var lines = Judge.Experiment(Lines.Of(simulated));
        Assert.Equal(Shown(rows.SteadyBefore.Concat(rows.Expectations).Concat(rows.SteadyAfter)), Shown(lines.SteadyBefore.Concat(lines.Expectations).Concat(lines.SteadyAfter)));
        Assert.Equal(rows.FaultHits, lines.FaultHits);
        Assert.Equal([ExpectationOutcome.Met, ExpectationOutcome.Broken], rows.Expectations.TakeLast(2).Select(e => e.Outcome));

        static string Shown(IEnumerable<ExpectationResult> results) => JsonSerializer.Serialize(results);
    }
}

/// <summary>Turns the rows of a simulation into the lines that a real run would have written of them.</summary>
internal static class Lines
{
    public static IReadOnlyList<JournalEvent> Of(Simulated simulated)
    {
        var events = simulated.Journal.Events.Where(e => e is not (FleetAttempts or FleetCuts) && e.X is not null).ToList();
        var conns = new Dictionary<int, long>();
        long conn = 0;
        foreach (var line in simulated.Journal.Events.OfType<FleetAttempts>())
            foreach (var a in Enumerable.Range(0, line.Client.Length).Select(line.Row).OrderBy(a => a.DialledUs))
            {
                var name = FleetNames.Client(a.Client - 1);
                conn++;
                events.Add(new ClientAttempt(name, a.Attempt, a.DelayMs) { At = a.DialledUs });
                events.Add(new LedgerHandshake(line.Link, conn, name, line.Status, line.By, a.ArrivedUs) { At = a.AnsweredUs });
                if (!a.IsOpen) events.Add(Closed(line.Link, conn, name, line.Fault, a.AnsweredUs));
                if (a is { IsOpen: false, HeardUs: { } refused }) events.Add(new ClientDisconnected(name, "handshake", line.Status, null, false) { At = refused });
                if (a is { IsOpen: true, HeardUs: { } heard }) events.AddRange([new ClientConnected(name, null, false, null) { At = heard }, new ClientSubscribed(name, "acme:ch-000", false, false, null, 0) { At = heard }]);
                // One client has one open connection at a time, and in these storms it is cut once: the first is the one.
                if (a.IsOpen) conns.TryAdd(a.Client, conn);
            }

        foreach (var line in simulated.Journal.Events.OfType<FleetCuts>())
            foreach (var c in Enumerable.Range(0, line.Client.Length).Select(line.Row))
            {
                var name = FleetNames.Client(c.Client - 1);
                events.Add(Closed(line.Link, conns[c.Client], name, line.Fault, c.CutUs));
                events.Add(new ClientDisconnected(name, "transport", null, null, false) { At = c.HeardUs });
            }

        return events;
    }

    private static LedgerClosed Closed(string link, long conn, string client, string? fault, long at) =>
        new(link, conn, client, fault is null ? "client" : "fault", "rst", null, null, fault, 0, 0, 0, 0, 0, 0) { At = at };
}
