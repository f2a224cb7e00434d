using System.Text;
using Chaos.Experiments.Files;
using Chaos.Journal.Events;
using Chaos.Live.Fold;
using Chaos.Live.Journals;
using Chaos.Live.State;

namespace Chaos.Cli.Tests.Live;

/// <summary>What the live page shows, as a function of the journal's events.</summary>
public sealed class LiveFoldTests
{
    [Fact]
    public void Clients_count_as_connected_until_they_are_not_and_coming_back_is_a_reconnect()
    {
        var view = View(
        [
            LiveSample.Connected(1, 1), LiveSample.Connected(2, 1), LiveSample.Connected(3, 1, "eu.gateway-2"),
            LiveSample.Disconnected(1, 9), LiveSample.Disconnected(2, 9.5), LiveSample.Connected(1, 10),
        ]);
        Assert.Equal((10, 2), (view.Connections.Expected, view.Connections.Connected));
        Assert.Equal((1, 0.2), (view.Connections.Reconnects, view.Connections.ReconnectsPerSecond));
        Assert.Equal([1, 1, 0], view.World.Regions.SelectMany(r => r.Nodes).Select(n => n.Connections));
        Assert.Equal([0, 3, 3, 3, 3, 3, 3, 3, 3, 1, 2], view.Series.Connected);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], view.Series.Reconnects);
    }

    [Theory]
    [InlineData(RehearsalModes.Person, false)]
    [InlineData(RehearsalModes.Auto, true)]
    public void What_is_wrong_is_kept_from_the_person_who_rehearses_until_it_is_over(string mode, bool shown)
    {
        List<JournalEvent> events =
        [
            new RehearsalStarted("Latency rises.", "book", mode, "slow", "It is slow.", [], 8000, 0.95, 0.5, ["lines"]) { At = LiveSample.At(0.5), X = LiveSample.Id },
            LiveSample.On("lines", "bandwidth", "us.clients", 1), LiveSample.Phase(Phases.Faults, 3), LiveSample.On("slow", "latency", "eu.clients", 4),
            new RehearsalMoment(RehearsalMoments.Began, "The cause begins to act.", 0) { At = LiveSample.At(4), X = LiveSample.Id },
            new RehearsalMoment(RehearsalMoments.Detected, "Alarm.", 900) { At = LiveSample.At(5), X = LiveSample.Id },
        ];
        var view = View(events);
        Assert.Equal(shown ? ["slow"] : [], view.Faults.Select(f => f.Name));
        Assert.Equal(shown, view.Timeline.Faults.Count > 0);
        Assert.Equal(shown ? null : "Alarm.", view.Rehearsal?.Alarm);
        // What is so all the time is no secret, and no fault to look for.
        Assert.Equal(shown ? ["Latency rises.", "bandwidth on us.clients, all the time", "The cause begins to act.", "Alarm."] : ["Latency rises.", "bandwidth on us.clients, all the time", "Alarm."], view.Timeline.Marks.Select(m => m.Title));

        events.Add(new RehearsalEnded("stable", "It is over.") { At = LiveSample.At(9), X = LiveSample.Id });
        view = View(events);
        Assert.Equal(["slow"], view.Faults.Select(f => f.Name));
        Assert.Contains(view.Timeline.Faults, l => l.Name == "slow");
        Assert.Null(view.Rehearsal);
        Assert.Contains(view.Timeline.Marks, m => m.Title == "The cause begins to act.");
    }

    [Fact]
    public void Clients_of_a_simulation_count_by_when_they_came_whatever_order_the_lines_are_in()
    {
        var view = View(
        [
            new SimulationStarted(4, 1) { At = LiveSample.At(0), X = LiveSample.Id },
            // Cut at 6 s: two, of whom one comes back at 7 s after a refusal. The refusals are written last.
            Attempts(101, 1, (1, 0), (2, 100), (3, 200), (4, 300)),
            new FleetCuts("eu.clients", "fault", "rst", "cut", [1, 2], [0, 500_000], [1000]) { At = LiveSample.At(6), X = LiveSample.Id },
            Attempts(101, 7, (1, 200)),
            Attempts(503, 6.2, (1, 0), (2, 600), (2, 1600)),
            LiveSample.Ended(9),
        ]);
        Assert.True(view.IsSimulated);
        Assert.Equal((10, 3), (view.Connections.Expected, view.Connections.Connected));
        Assert.Equal([0, 4, 4, 4, 4, 4, 2, 3, 3, 3], view.Series.Connected);
        Assert.Equal((1, 0.2, 0.8), (view.Connections.Reconnects, view.Connections.ReconnectsPerSecond, view.Connections.AttemptsPerSecond));
        Assert.Equal([("handshake 503", "connect", 3, 3L), ("transport", "connection", 2, 2L)], view.Errors.Select(e => (e.Class, e.Endpoint, e.Recent, e.Total)));
        // What there is none of is told as such.
        Assert.All(view.World.Regions.SelectMany(r => r.Nodes), n => Assert.Equal("modelled", n.State));
        Assert.Equal("not evaluated: a simulation has no metrics", view.Alerts.Note);

        static JournalEvent Attempts(int status, double at, params (int Client, int AfterMs)[] rows) =>
            new FleetAttempts("eu.clients", status, "upstream", null, [.. rows.Select(r => r.Client)], [0], [0], [.. rows.Select(r => r.AfterMs * 1000)], [1000], [0], [1000]) { At = LiveSample.At(at), X = LiveSample.Id };
    }

    [Fact]
    public void Percentiles_are_those_of_the_last_seconds()
    {
        var view = View([LiveSample.Delivered(1.5, 5000, 5000, 5000), LiveSample.Delivered(8.2, [.. Enumerable.Range(1, 100)]), LiveSample.Connected(1, 10.5)]);
        var delivery = view.Latencies.Single(l => l.Name == "delivery");
        Assert.Equal(100, delivery.Sample);
        // Two significant digits are kept.
        Assert.InRange(delivery.P50Ms!.Value, 50, 51);
        Assert.InRange(delivery.P95Ms!.Value, 95, 96);
        Assert.InRange(delivery.P99Ms!.Value, 99, 100);
        Assert.Null(view.Latencies.Single(l => l.Name == "round trip").P99Ms);
        Assert.InRange(view.Series.P99Ms[1]!.Value, 5000, 5050);
        Assert.Null(view.Series.P99Ms[5]);
    }

    [Fact]
    public void Errors_are_told_apart_by_class_and_endpoint_and_being_told_to_stop_is_none()
    {
        var view = View(
        [
            LiveSample.Disconnected(1, 2), LiveSample.Disconnected(2, 9, "handshake", 503), LiveSample.Disconnected(3, 9, "handshake", 503), LiveSample.Disconnected(4, 9, "local"),
            new ClientPublishFailed("c-0001", "ch", 1, 111, "too fast", 10) { At = LiveSample.At(9), X = LiveSample.Id },
        ]);
        Assert.Equal([("handshake 503", "connect", 2, 2L), ("too fast 111", "publish", 1, 1L), ("transport", "connection", 0, 1L)], view.Errors.Select(e => (e.Class, e.Endpoint, e.Recent, e.Total)));
    }

    [Fact]
    public void Errors_that_gateways_count_are_classes_of_their_own()
    {
        var view = View([Reading(8, 3), Reading(8.5, 5), Reading(9, 1), new MetricsSampled("eu.gateway-2", new Dictionary<string, double> { ["chaos_publishes_total"] = 9 }) { At = LiveSample.At(9), X = LiveSample.Id }]);
        // 3, then 2 more, then a node that begins again with 1.
        Assert.Equal([("code 100", "publish, at gateways", 6, 6L)], view.Errors.Select(e => (e.Class, e.Endpoint, e.Recent, e.Total)));
        Assert.Equal(0, view.Series.Errors.Sum());

        static JournalEvent Reading(double at, double value) =>
            new MetricsSampled("eu.gateway-1", new Dictionary<string, double> { ["chaos_errors_total{code=\"100\",endpoint=\"publish\"}"] = value }) { At = LiveSample.At(at), X = LiveSample.Id };
    }

    [Fact]
    public void A_fault_is_shown_with_what_it_does_where_it_is_and_until_when()
    {
        var view = View([LiveSample.Phase(Phases.Faults, 6), LiveSample.On("slow", "latency", "eu.clients", 7, "upstream", 0.2, """{"latency":80}""")]);
        var fault = Assert.Single(view.Faults);
        Assert.Equal(("slow", "latency", "eu.clients"), (fault.Name, fault.Type, fault.Place));
        Assert.Equal("latency 80 · upstream · 20 % of connections", fault.Detail);
        Assert.Equal((LiveSample.At(7) / 1000, LiveSample.At(11) / 1000), (fault.SinceMs, fault.UntilMs!.Value));
        Assert.Equal(["eu.clients"], view.World.Links.Where(l => l.Faults.Count > 0).Select(l => l.Name));
        Assert.Empty(View([LiveSample.On("slow", "latency", "eu.clients", 7), LiveSample.Off("slow", "eu.clients", 11)]).Faults);
    }

    [Fact]
    public void A_fault_between_regions_is_on_every_link_between_them()
    {
        var view = View([LiveSample.On("split", "partition", "eu↔us", 12)]);
        Assert.Equal(["eu→us.replication", "eu→us.clients", "us→eu.replication", "us→eu.clients"], view.World.Links.Where(l => l.Faults.Contains("partition")).Select(l => l.Name));
    }

    [Fact]
    public void Halting_takes_the_faults_off_links_at_once_and_those_on_nodes_when_the_engine_says_so()
    {
        JournalEvent[] events =
        [
            LiveSample.On("slow", "latency", "eu.clients", 7), LiveSample.On("gone", "restart", "eu.gateway-2", 7),
            new LedgerHalt("on", "from the live page", 1) { At = LiveSample.At(8), X = LiveSample.Id },
        ];
        var view = View(events);
        Assert.Equal("gone", Assert.Single(view.Faults).Name);
        Assert.Equal("from the live page", view.Halt!.Reason);
        Assert.Empty(View([.. events, LiveSample.Off("gone", "eu.gateway-2", 9, "halt")]).Faults);
    }

    [Fact]
    public void A_node_is_up_down_and_held_as_its_process_is()
    {
        var x = LiveSample.Id;
        List<JournalEvent> events = [new PartStarted("eu.gateway-1", "gateway", "a", 1) { X = x }, new PartStarted("eu.gateway-2", "gateway", "a", 2) { X = x }];
        Assert.Equal(["up", "up", "starting"], States());
        events.Add(new NodeHeld("frozen", 0, "eu.gateway-2", "eu.gateway-2", "paused", 4) { X = x });
        events.Add(new PartEnded("eu.gateway-1", "gateway", 137, true) { X = x });
        Assert.Equal(["down", "paused", "starting"], States());
        events.Add(new FaultOff("frozen", 0, "eu.gateway-2", "schedule") { X = x });
        // A release takes its place, and then the process before it leaves.
        events.Add(new PartStarted("eu.gateway-1-v2", "gateway", "a", 3) { X = x });
        Assert.Equal(["up", "up", "starting"], States());

        IEnumerable<string> States() => View(events).World.Regions.SelectMany(r => r.Nodes).Select(n => n.State);
    }

    [Fact]
    public void The_timeline_shows_what_happened_and_what_is_to_come()
    {
        var view = View([LiveSample.Phase(Phases.World, 0), LiveSample.Phase(Phases.Baseline, 2), LiveSample.Phase(Phases.Faults, 5), LiveSample.On("slow", "latency", "eu.clients", 6.01), LiveSample.Connected(1, 8)]);
        Assert.Equal(Phases.Faults, view.Phase);
        // 10 s of faults, then 3 s of recovery.
        Assert.Equal([("world", 0, 2), ("baseline", 2, 5), ("faults", 5, 15), ("recovery", 15, 18)], view.Timeline.Phases.Take(4).Select(p => (p.Name, Second(p.FromMs), Second(p.ToMs))));
        var slow = view.Timeline.Faults.Single(f => f.Name == "slow");
        Assert.Equal([(6, 8, false), (8, 10, true)], slow.Spans.Select(s => (Second(s.FromMs), Second(s.ToMs), s.Planned)));
        Assert.Equal([(11, 13, true)], view.Timeline.Faults.Single(f => f.Name == "split").Spans.Select(s => (Second(s.FromMs), Second(s.ToMs), s.Planned)));
    }

    [Fact]
    public void A_line_of_an_unknown_kind_is_on_the_timeline_by_its_title()
    {
        var line = $$"""{"kind":"rehearsal.step","at":{{LiveSample.At(4)}},"x":"sample","title":"Looked at the upstream's latency","more":1}""";
        var mark = Assert.Single(View([LiveLines.Parse(Encoding.UTF8.GetBytes(line))!]).Timeline.Marks);
        Assert.Equal(("rehearsal.step", "Looked at the upstream's latency"), (mark.Kind, mark.Title));
        Assert.Null(LiveLines.Parse(Encoding.UTF8.GetBytes("""{"kind":"something.else","at":1}""")));
        Assert.Null(LiveLines.Parse(Encoding.UTF8.GetBytes("""{"kind":"phase","at":""")));
    }

    [Fact]
    public void An_alert_fires_for_whoever_is_on_call_and_is_resolved()
    {
        var (owned, errors) = OwnedAlerts.Load(Path.Combine(ChaosProcess.Root, "experiments", "alerts.yaml"));
        Assert.Empty(errors);
        List<JournalEvent> events = [LiveSample.Phase(Phases.Faults, 0)];
        for (var ms = 0; ms <= 20_000; ms += 500) events.Add(Reading(ms, open: ms is >= 3_000 and < 12_000));
        var firing = View([.. events.TakeWhile(e => e.At <= LiveSample.At(10))], owned);
        var alert = Assert.Single(firing.Alerts.On, a => a.Fires);
        Assert.Equal(("breaker-open", "page", "platform", "dora"), (alert.Name, alert.Severity, alert.Team, alert.Owner));
        Assert.Equal("1 s stands for 20 s of windows and hold times", firing.Alerts.Note);
        var after = View(events, owned);
        Assert.Empty(after.Alerts.On);
        Assert.Equal(["alert", "resolved"], after.Timeline.Marks.Select(m => m.Kind));

        static JournalEvent Reading(int ms, bool open) => new MetricsSampled("eu.gateway-1", new Dictionary<string, double>
        {
            ["chaos_breaker_state{dependency=\"redis\"}"] = open ? 2 : 0, ["chaos_connections_active"] = 9, ["chaos_dependency_attempts_total"] = 1,
        }) { At = LiveSample.At(ms / 1000.0), X = LiveSample.Id };
    }

    [Fact]
    public void Proxies_can_be_halted_while_they_run()
    {
        Assert.Equal(["http://127.0.0.1:5001"], Fold([LiveSample.Proxy()]).Control);
        Assert.Empty(Fold([LiveSample.Proxy(), LiveSample.Ended(9)]).Control);
        Assert.Empty(Fold([LiveSample.Proxy(), new RunEnded("passed", 0)]).Control);
    }

    [Fact]
    public void What_runs_is_shown_then_what_ended_last_with_its_verdict()
    {
        var fold = Take([LiveSample.RunStarted(), LiveSample.Started(), LiveSample.Ended(9)]);
        fold.Judged(LiveSample.Id, new VerdictView("deviated", "Deviated: it did not."));
        fold.Take(new ExperimentSkipped("Another", "Node is not installed") { X = "another" });
        var state = fold.State();
        Assert.Equal("deviated", Assert.Single(state.Shown).Verdict!.Outcome);
        Assert.Equal([("sample", "ended", "Deviated: it did not."), ("another", "skipped", "Node is not installed")], state.Experiments.Select(e => (e.Id, e.State, e.Sentence!)));
        Assert.Null(state.Run!.Outcome);
    }

    [Fact]
    public void The_same_events_give_the_same_state()
    {
        JournalEvent[] events = [LiveSample.Connected(1, 1), LiveSample.Delivered(2, 10, 20), LiveSample.On("slow", "latency", "eu.clients", 3), LiveSample.Disconnected(1, 4)];
        Assert.Equal(Json(), Json());

        string Json() => System.Text.Json.JsonSerializer.Serialize(Fold(events));
    }

    private static int Second(long ms) => (int)Math.Round((ms - (LiveSample.StartUs / 1000)) / 1000.0);

    private static ExperimentView View(IEnumerable<JournalEvent> events, OwnedAlerts? alerts = null) => Assert.Single(Fold(events, alerts).Shown);

    private static LiveState Fold(IEnumerable<JournalEvent> events, OwnedAlerts? alerts = null) => Take([LiveSample.RunStarted(), LiveSample.Started(), .. events], alerts).State();

    private static LiveFold Take(IEnumerable<JournalEvent> events, OwnedAlerts? alerts = null)
    {
        var fold = new LiveFold(alerts);
        foreach (var e in events) fold.Take(e);
        return fold;
    }
}
