using Chaos.Cli.Hosting;
using Chaos.Experiments.Engine.Runs;

namespace Chaos.Cli.Composition;

/// <summary>
/// A store that runs already keeps what an experiment leaves in it: the next one would find channels with a history and messages that were published
/// before, and the two would be judged by each other's traffic.
/// </summary>
internal static class ExternalStores
{
    /// <exception cref="UsageException">Several of the planned runs would use one such store.</exception>
    public static void Check(IReadOnlyList<PlannedRun> planned)
    {
        var users = planned.SelectMany(p => p.Experiment.World.Regions.Where(r => r.Store.Kind == "external").Select(r => (r.Store.Address, p.Id))).Distinct();
        if (users.GroupBy(u => u.Address, u => u.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is not { } shared) return;
        throw new UsageException($"{shared.Count()} runs ({string.Join(", ", shared.Take(3))}{(shared.Count() > 3 ? ", …" : "")}) would use the store at {shared.Key}, each finding what those before it left there. "
            + "Run one at a time (--only ID), and begin each with an empty store.");
    }
}
