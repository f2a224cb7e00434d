using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Load.Histories;
using Chaos.Load.Tokens;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>Writes down what each region keeps of each channel, by which it is judged whether regions have converged.</summary>
internal static class Histories
{
    /// <summary>Reads them all, in a world of several regions.</summary>
    /// <exception cref="InvalidOperationException">A gateway does not give them.</exception>
    public static async Task WriteAsync(World world, WorldDefinition definition, IReadOnlyList<string> channels, TokenIssuer tokens, ExperimentJournal journal, Clock clock, CancellationToken cancel)
    {
        if (definition.Regions.Count < 2) return;
        var reader = new HistoryReader(tokens, channels[0][..channels[0].IndexOf(':', StringComparison.Ordinal)], clock.Time);
        foreach (var region in definition.Regions.Select(r => r.Name))
        {
            var histories = await reader.ReadAsync(world.DirectUrl(LinkNames.Clients(region)), channels, cancel).ConfigureAwait(false);
            foreach (var (channel, messages) in histories) journal.Write(new HistoryRead(region, channel, messages) { At = clock.NowUs });
        }
    }
}
