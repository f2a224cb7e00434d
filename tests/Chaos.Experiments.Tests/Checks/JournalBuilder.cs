using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Client.Policies;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Tests.Checks;

/// <summary>Writes synthetic journals. All times are milliseconds from the start of the experiment.</summary>
internal sealed class JournalBuilder
{
    public const string Link = "eu.clients";
    public const long OriginUs = 1_700_000_000_000_000;

    private readonly List<JournalEvent> _events = [];
    private long _conn;

    public ExperimentDefinition Definition { get; set; } = new()
    {
        Id = "x", Title = "It holds", Checklist = ["a line"],
        World = new WorldDefinition("small", [new RegionDefinition("eu", 1, new StoreDefinition("embedded"))]),
        Fleet = new FleetDefinition { Count = 10, Link = Link, Policy = new ClientPolicy { BaseMs = 500, Factor = 2, CapMs = 20_000 } },
        Timeline = new TimelineDefinition(),
        Expectations = [],
    };

    public IReadOnlyList<JournalEvent> Events => [.. _events.OrderBy(e => e.At)];

    public static long Us(double ms) => OriginUs + (long)Math.Round(ms * 1000);

    public JournalBuilder Add(double ms, JournalEvent entry)
    {
        _events.Add(entry with { At = Us(ms), X = "x" });
        return this;
    }

    /// <summary>Baseline from 0, faults, recovery, settle, teardown.</summary>
    public JournalBuilder Phased(double faults = 3_000, double recovery = 10_000, double settle = 13_000, double teardown = 15_000)
    {
        Add(-1_000, new PhaseEntered(Phases.World));
        Add(0, new PhaseEntered(Phases.Baseline));
        Add(faults, new PhaseEntered(Phases.Faults));
        Add(recovery, new PhaseEntered(Phases.Recovery));
        Add(settle, new PhaseEntered(Phases.Settle));
        return Add(teardown, new PhaseEntered(Phases.Teardown));
    }

    public JournalBuilder With(FaultDefinition fault)
    {
        Definition = Definition with { Timeline = Definition.Timeline with { Faults = [.. Definition.Timeline.Faults, fault] } };
        return this;
    }

    public JournalBuilder With(Func<FleetDefinition, FleetDefinition> change)
    {
        Definition = Definition with { Fleet = change(Definition.Fleet) };
        return this;
    }

    /// <summary>Puts a fault into the timeline and switches it on and off.</summary>
    public JournalBuilder Fault(string name, string type, double on, double off, string link = Link, string stream = "both")
    {
        With(new FaultDefinition { Name = name, Link = link, Type = type, For = TimeSpan.FromMilliseconds(off - on), Stream = stream });
        Add(on, new FaultOn(name, 0, link, type, stream, 1, JsonSerializer.SerializeToElement(new JsonObject())));
        return Add(off, new FaultOff(name, 0, link, "schedule"));
    }

    public long Open(string client, double arrived, int status = 101, string by = "upstream", double took = 1)
    {
        var conn = ++_conn;
        Add(arrived, new LedgerOpened(Link, conn, new Dictionary<string, string> { ["client"] = client }));
        Add(arrived + took, new LedgerHandshake(Link, conn, client, status, by, Us(arrived)));
        return conn;
    }

    public JournalBuilder Close(string client, long conn, double ms, string by = "client", string? fault = null, int? code = null, double? lastDown = null) =>
        Add(ms, new LedgerClosed(Link, conn, client, by, "rst", code, null, fault, 1, 1, 1, 1, lastDown is { } last ? Us(last) : 0, 0));

    public JournalBuilder Deliver(string client, string publisher, params (long N, double DueMs, double TookMs)[] items) =>
        Add(items.Length == 0 ? 0 : items.Max(i => i.DueMs + i.TookMs), new ClientDelivered(client, "acme:ch-000", publisher,
            [.. items.Select(i => i.N)], [.. items.Select(i => Us(i.DueMs))], [.. items.Select(i => (long)(i.TookMs * 1000))]));

    public JournalBuilder Ack(string publisher, params (long N, double DueMs, double TookMs)[] items) =>
        Add(items.Max(i => i.DueMs + i.TookMs), new ClientAcked(publisher, "acme:ch-000",
            [.. items.Select(i => i.N)], [.. items.Select(i => Us(i.DueMs))], [.. items.Select(i => (long)(i.TookMs * 1000))]));

    public JournalBuilder Subscribe(string client, double ms, bool recovering = false) =>
        Add(ms, new ClientSubscribed(client, "acme:ch-000", recovering, recovering, "e", 0));

    public JournalBuilder Metrics(double ms, string part, params (string Key, double Value)[] values) =>
        Add(ms, new MetricsSampled(part, values.ToDictionary(v => v.Key, v => v.Value)));

    /// <summary>Judges this journal by one check.</summary>
    public ExpectationResult Judge(string check, object? options = null, string during = "run") =>
        CheckCatalogue.Find(check)!.Evaluate(Context(check, options, during));

    /// <summary>What a check may look at.</summary>
    public CheckContext Context(string check, object? options = null, string during = "run")
    {
        var expectation = new ExpectationDefinition("e", check, during, JsonSerializer.SerializeToNode(options ?? new { })!.AsObject());
        var events = Events;
        var window = ExperimentWindows.Of(events).Find(during) ?? throw new InvalidOperationException($"The journal has no {during}.");
        return new CheckContext(events, Definition, expectation, window);
    }
}
