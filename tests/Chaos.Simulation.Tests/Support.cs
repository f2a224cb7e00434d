using System.Text.Json.Nodes;
using Chaos.Client.Parts;
using Chaos.Client.Policies;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Load.Fleets;
using Chaos.Mutants;
using Chaos.Simulation.Runs;

namespace Chaos.Simulation.Tests;

/// <summary>A storm: every connection is cut at once while every handshake is refused.</summary>
internal static class Storm
{
    public static ExperimentDefinition Experiment(JsonObject? gateway = null, TimeSpan? recovery = null) => new()
    {
        Id = "storm",
        Title = "Clients that were cut together come back apart",
        Checklist = ["Jittered exponential backoff"],
        World = new WorldDefinition("one-region", [new RegionDefinition("eu", 1, new StoreDefinition("embedded"))]),
        Gateway = gateway ?? [],
        Fleet = new FleetDefinition { Count = 1, Link = "eu.clients", Policy = new ClientPolicy { BaseMs = 1000, Factor = 2, CapMs = 4000, StableMs = 3000 } },
        SteadyState = [new ExpectationDefinition("all-connected", "connected", "baseline", new JsonObject { ["min_share"] = 1 })],
        Timeline = new TimelineDefinition
        {
            Baseline = TimeSpan.FromSeconds(4),
            Faults =
            [
                new FaultDefinition { Name = "refused", Link = "eu.clients", Type = "ws_handshake", For = TimeSpan.FromSeconds(13), Attributes = new JsonObject { ["status"] = 503 } },
                new FaultDefinition { Name = "cut", Link = "eu.clients", Type = "reset_peer", At = TimeSpan.FromMilliseconds(200), For = TimeSpan.FromMilliseconds(300) },
            ],
            Recovery = recovery ?? TimeSpan.FromSeconds(6),
        },
        Expectations =
        [
            new ExpectationDefinition("jitter", "backoff_jitter", "refused", new JsonObject { ["attempts"] = 4 }),
            new ExpectationDefinition("growth", "backoff_growth", "refused", new JsonObject { ["attempts"] = 4 }),
            new ExpectationDefinition("cap", "backoff_cap", "refused", []),
        ],
    };

    public static SimulationOptions Clients(int clients, string? mutant = null) => new()
    {
        Clients = clients, Mutant = mutant,
        Parts = mutant is null ? ClientParts.Reference : ((ClientMutant)MutantCatalogue.Find(mutant)!).Change(ClientParts.Reference),
    };
}

/// <summary>One simulation in a folder of its own.</summary>
internal sealed class Simulated
{
    public required JournalContent Journal { get; init; }

    public required RunVerdict Verdict { get; init; }

    public required byte[] Bytes { get; init; }

    public ExperimentVerdict Only => Verdict.Experiments.Single();

    public static async Task<Simulated> RunAsync(ExperimentDefinition experiment, SimulationOptions options, long seed = 4711, CancellationToken interrupt = default)
    {
        var folder = Directory.CreateTempSubdirectory("chaos-simulation-");
        var path = Path.Combine(folder.FullName, "journal.jsonl");
        try
        {
            var identity = new RunIdentity("a storm", seed, "a command", "a tool", path);
            var (journal, verdict) = await SimulationSession.RunAsync(identity, experiment, options, new Quiet(), interrupt);
            return new Simulated { Journal = journal, Verdict = verdict, Bytes = await File.ReadAllBytesAsync(path, CancellationToken.None) };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Quiet : IRunObserver
    {
        public void Starting(PlannedRun run, int number, int total, TimeSpan expected)
        {
        }

        public void Phase(PlannedRun run, string phase)
        {
        }

        public void Fault(PlannedRun run, string description, bool on)
        {
        }

        public void Tick(PlannedRun run, FleetSnapshot figures, IReadOnlyCollection<string> activeFaults, TimeSpan elapsed)
        {
        }

        public void Ended(PlannedRun run, ExperimentVerdict verdict)
        {
        }

        public void Skipped(PlannedRun run, string reason)
        {
        }

        public void Note(string text)
        {
        }
    }
}
