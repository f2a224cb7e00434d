using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Journal.Events;

namespace Chaos.Cli.Tests.Live;

/// <summary>Events of a small run, written down by hand.</summary>
internal static class LiveSample
{
    public const string Id = "sample";

    /// <summary>When the experiment begins, in microseconds since the Unix epoch.</summary>
    public const long StartUs = 1_774_854_000_000_000;

    /// <summary>A moment of the experiment.</summary>
    public static long At(double seconds) => StartUs + (long)(seconds * 1e6);

    public static JournalEvent RunStarted() => new RunStarted(1, "sample-run", 7, "./chaos run sample", "t", 2, "o") { At = StartUs };

    /// <summary>Two regions; <c>slow</c> is on a link after 1 s for 4 s, <c>split</c> between the regions after 6 s for 2 s, <c>gone</c> on a node after 9 s for 1 s.</summary>
    public static ExperimentStarted Started(int clients = 10) => new("What it shows", "a line", 42, null, DefinitionJson.ToJson(new ExperimentDefinition
    {
        Id = Id, Title = "What it shows", Checklist = ["a line"],
        World = new WorldDefinition("two", [new RegionDefinition("eu", 2, new StoreDefinition("embedded")), new RegionDefinition("us", 1, new StoreDefinition("embedded"))])
        {
            RoundTrips = [new RoundTripDefinition(["eu", "us"], 90)],
        },
        Fleet = new FleetDefinition { Count = clients, Link = "eu.clients" },
        Timeline = new TimelineDefinition
        {
            Baseline = TimeSpan.FromSeconds(3),
            Faults =
            [
                new FaultDefinition { Name = "slow", Link = "eu.clients", Type = "latency", At = TimeSpan.FromSeconds(1), For = TimeSpan.FromSeconds(4), Toxicity = 0.2, Attributes = new JsonObject { ["latency"] = 80 } },
                new FaultDefinition { Name = "split", Between = ["eu", "us"], Type = "partition", At = TimeSpan.FromSeconds(6), For = TimeSpan.FromSeconds(2) },
                new FaultDefinition { Name = "gone", Node = "eu.gateway-2", Type = "restart", At = TimeSpan.FromSeconds(9), For = TimeSpan.FromSeconds(1) },
            ],
            Recovery = TimeSpan.FromSeconds(3),
        },
        Expectations = [],
    }))
    {
        At = StartUs, X = Id,
    };

    public static JournalEvent Phase(string name, double at) => new PhaseEntered(name) { At = At(at), X = Id };

    public static JournalEvent On(string fault, string type, string place, double at, string stream = "downstream", double toxicity = 1, string attributes = "{}") =>
        new FaultOn(fault, 0, place, type, stream, toxicity, JsonSerializer.Deserialize<JsonElement>(attributes)) { At = At(at), X = Id };

    public static JournalEvent Off(string fault, string place, double at, string reason = "schedule") => new FaultOff(fault, 0, place, reason) { At = At(at), X = Id };

    public static JournalEvent Connected(int client, double at, string? node = "eu.gateway-1") => new ClientConnected($"c-{client:0000}", null, false, node) { At = At(at), X = Id };

    public static JournalEvent Disconnected(int client, double at, string cause = "transport", int? code = null) => new ClientDisconnected($"c-{client:0000}", cause, code, null, false) { At = At(at), X = Id };

    /// <summary>Messages that were delivered at a moment, each after a time of its own.</summary>
    public static JournalEvent Delivered(double at, params int[] ms) =>
        new ClientDelivered("c-0001", "acme:ch-000", "p", [.. ms.Select((_, i) => (long)i)], [.. ms.Select(m => At(at) - (m * 1000L))], [.. ms.Select(m => m * 1000L)]) { At = At(at), X = Id };

    public static JournalEvent Proxy(string address = "127.0.0.1:5001") => new PartStarted("proxy", "proxy", address, 1) { At = At(0.1), X = Id };

    public static JournalEvent Ended(double at, string reason = EndReason.Completed) => new ExperimentEnded(reason, null) { At = At(at), X = Id };
}
