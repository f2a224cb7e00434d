using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Tests.Samples;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed class DataTests
{
    private static readonly object Policy = new { fleet = new { client = "reference", link = "eu.clients", policy = new { base_ms = 500, factor = 2, cap_ms = 2000, stable_ms = 1000 } } };

    [Fact]
    public void Gaps_run_from_the_loss_to_the_next_arrival_and_from_each_refusal_to_the_one_after()
    {
        var journal = Start(Policy);
        Shake(journal, 1, 0.5, 101);
        Closed(journal, 1, 5);
        Shake(journal, 2, 5.3, 503);
        Closed(journal, 2, 5.31);
        Shake(journal, 3, 6.1, 503);
        Shake(journal, 4, 7.6, 101);
        var gaps = BackoffGaps.From(One(journal))!;
        Assert.Equal([0, 1, 2], gaps.Attempts.Select(a => a.Attempt));
        Assert.Equal([300.0, 799.0, 1499.0], gaps.Attempts.Select(a => Math.Round(a.GapsMs.Single(), 3)));
        Assert.Equal([500.0, 1000, 2000, 2000], Enumerable.Range(0, 4).Select(gaps.Declared!.UpperMs));
    }

    [Fact]
    public void A_connection_too_young_to_reset_the_backoff_begins_no_series()
    {
        var journal = Start(Policy);
        Shake(journal, 1, 0.5, 101);
        Closed(journal, 1, 5);
        Shake(journal, 2, 5.3, 101);
        Closed(journal, 2, 5.8);
        Shake(journal, 3, 6.1, 101);
        Assert.Equal(300.0, BackoffGaps.From(One(journal))!.Attempts.Single().GapsMs.Single(), 0.001);
    }

    [Fact]
    public void Gaps_are_not_shown_where_nothing_judges_them_nor_declared_for_clients_with_ways_of_their_own()
    {
        Assert.Null(BackoffGaps.From(One(Start(Policy), check: "latency")));
        Assert.Null(BackoffGaps.From(One(Start(new { fleet = new { client = "centrifuge-js", policy = new { base_ms = 500, factor = 2, cap_ms = 2000 } } })))!.Declared);
    }

    [Fact]
    public void Delivery_percentiles_are_exact_and_fall_into_the_bin_in_which_messages_were_due()
    {
        var journal = Start(Policy).Add(19, new PhaseEntered("teardown"));
        for (var i = 1; i <= 100; i++) journal.Add(18, new ClientDelivered("c", "ch", "p", [i], [SampleJournal.Us(10.1)], [i * 1000]));
        var series = DeliverySeries.From(One(journal));
        var bin = Assert.Single(series.Filled);
        Assert.Equal((40, 100, 50.0, 95.0, 99.0), (bin.Index, bin.Count, bin.P50Ms, bin.P95Ms, bin.P99Ms));
    }

    [Fact]
    public void A_dip_of_connections_is_kept_however_short()
    {
        var journal = Start(Policy).Add(100, new PhaseEntered("teardown"));
        for (var c = 0; c < 50; c++) journal.Add(1, new ClientConnected($"c{c}", null, false, null));
        for (var c = 0; c < 50; c++) journal.Add(50, new ClientDisconnected($"c{c}", "transport", null, null, false)).Add(50.01, new ClientConnected($"c{c}", null, true, null));
        var series = ConnectionSeries.From(One(journal));
        Assert.Contains(series.Connected, p => p.Second is > 49 and < 51 && p.Count == 0);
        Assert.Equal((50, 50L, 50L, 50L, 0), (series.Clients, series.Reconnects, series.Resumed, series.TotalLosses, series.LeastAfterFull));
        Assert.Equal(50, series.Connected[^1].Count);
    }

    [Fact]
    public void A_failed_attempt_is_no_lost_connection()
    {
        var journal = Start(Policy).Add(1, new ClientAttempt("c", 0, null)).Add(2, new ClientDisconnected("c", "refused", null, null, false)).Add(3, new PhaseEntered("teardown"));
        var series = ConnectionSeries.From(One(journal));
        Assert.Equal((1L, 0L, 0L), (series.TotalAttempts, series.TotalLosses, series.Reconnects));
    }

    [Theory]
    [InlineData("cut", "cut")]
    [InlineData("cut#3", "cut")]
    [InlineData("cut-2", "cut-2")]
    [InlineData("cut-2#14", "cut-2")]
    [InlineData("cutter#1", "cutter#1")]
    [InlineData("7", "7")]
    public void An_occurrence_in_the_ledger_belongs_to_its_entry_of_the_timeline(string ledger, string entry) =>
        Assert.Equal(entry, FaultNames.Entry(ledger, new HashSet<string> { "cut", "cut-2" }));

    [Fact]
    public void A_fault_is_proven_by_the_connections_and_items_of_all_its_occurrences()
    {
        var journal = Start(Policy).Fault("cut", "eu.clients", "ws_close", 1, 2).Fault("cut", "eu.clients", "ws_close", 3, 4, 1);
        journal.Add(1.5, new LedgerInjected("eu.clients", "cut#0", 7, "downstream", 0, "closed", 0, 0, 0)).Add(3.5, new LedgerInjected("eu.clients", "cut#1", 7, "downstream", 1, "closed", 0, 0, 0));
        journal.Add(3.6, new LedgerInjected("eu.clients", "cut#1", 8, "downstream", 0, "closed", 0, 0, 0)).Add(3, new LedgerRoll("eu.clients", "cut#1", 8, true)).Add(3, new LedgerRoll("eu.clients", "cut#1", 9, false));
        var proof = FaultProof.From(One(journal)).Single();
        Assert.Equal((2, 2, 3L, 2, 1), (proof.Occurrences, proof.Connections, proof.Items, proof.Rolled, proof.RolledHit));
        Assert.Equal(2.0, proof.SecondsOn, 0.001);
    }

    [Fact]
    public void A_fault_on_a_node_ended_the_connections_that_its_processes_had()
    {
        var journal = Start(Policy).Fault("v2", "eu.gateway-3", "release", 1, 4)
            .Add(2, new NodeLeft("v2", 0, "eu.gateway-3", "eu.gateway-3", "drained", 50, 0, 0, 3000)).Add(4, new NodeLeft("v2", 0, "eu.gateway-3", "eu.gateway-3-v2", "drained", 30, 0, 0, 3000))
            .Add(4, new NodeLeft("other", 0, "eu.gateway-1", "eu.gateway-1", "killed", 7, 7, 0, 0));
        var proof = FaultProof.From(One(journal)).Single();
        Assert.Equal(("eu.gateway-3", 80, 80), (proof.Link, proof.Connections, proof.Ended));
    }

    [Fact]
    public void An_experiment_that_a_journal_holds_twice_is_told_apart_by_its_mutant()
    {
        var journal = new SampleJournal().RunStarts().Experiment("x", 1, mutant: "client.a").Add(2, new ClientError("c", 1, "first"))
            .Experiment("x", 3, mutant: "client.b").Add(4, new ClientError("c", 2, "second"));
        var one = SampleVerdicts.Experiment("x", Outcome.Deviated, "", []);
        var run = RunData.From(journal.Build(), SampleVerdicts.Run(Outcome.Deviated, [one with { Mutant = "client.b" }, one with { Mutant = "client.a" }]));
        Assert.Equal(["second", "first"], run.Experiments.Select(e => e.Events.OfType<ClientError>().Single().Message));
        Assert.Empty(run.Problems);
    }

    [Fact]
    public void An_experiment_without_a_verdict_is_a_problem_that_is_told() =>
        Assert.Contains("has no verdict", Assert.Single(RunData.From(Start(Policy).Build(), SampleVerdicts.Run(Outcome.Passed, [])).Problems), StringComparison.Ordinal);

    private static SampleJournal Start(object definition) => new SampleJournal().RunStarts().Experiment("x", 0, definition: definition);

    private static void Shake(SampleJournal journal, long conn, double arrived, int status) =>
        journal.Add(arrived + 0.001, new LedgerHandshake("eu.clients", conn, "c-1", status, status == 101 ? "upstream" : "fault", SampleJournal.Us(arrived)));

    private static void Closed(SampleJournal journal, long conn, double at) =>
        journal.Add(at, new LedgerClosed("eu.clients", conn, "c-1", "fault", "rst", null, null, "cut", 0, 0, 0, 0, 0, 0));

    private static ExperimentData One(SampleJournal journal, string check = "backoff_jitter") => RunData.From(journal.Build(), SampleVerdicts.Run(Outcome.Passed,
        [SampleVerdicts.Experiment("x", Outcome.Passed, "", [SampleVerdicts.Met("e", check, "", "")])])).Experiments.Single();
}
