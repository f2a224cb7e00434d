using Chaos.Benchmarks.Load;
using Chaos.Benchmarks.Processes;

namespace Chaos.Benchmarks.Measuring;

/// <summary>
/// Measures all contenders side by side. In each round and cell they take turns in short slices, in an order that rotates, so that
/// what else happens on the machine falls on all of them alike.
/// </summary>
internal sealed class SideBySide(IReadOnlyList<Contender> contenders, int rounds, TimeSpan perRound, Action<string> progress)
{
    private const int WarmUpSlices = 4;
    private static readonly TimeSpan WarmUpSlice = TimeSpan.FromMilliseconds(500);

    public IReadOnlyList<Series> Run(IReadOnlyList<Cell> cells)
    {
        foreach (var cell in cells)
        {
            progress($"warm-up: {cell}");
            RunRound(cell, order: 0, WarmUpSlices, WarmUpSlice);
        }

        var results = cells.SelectMany(cell => contenders.Select(c => (cell, c.Name))).ToDictionary(key => key, _ => new List<Round>());
        for (var round = 0; round < rounds; round++)
        {
            progress($"round {round + 1} of {rounds}");
            foreach (var cell in cells)
            {
                var slices = SlicesFor(cell);
                var measured = RunRound(cell, round, slices, perRound / slices);
                for (var i = 0; i < contenders.Count; i++) results[(cell, contenders[i].Name)].Add(measured[i]);
            }
        }

        return [.. results.Select(r => new Series(r.Key.cell, r.Key.Name, r.Value))];
    }

    // Many connections take long to come up to speed and to come to rest: fewer and longer slices.
    private static int SlicesFor(Cell cell) => cell.Connections > 100 ? 4 : 16;

    private static TimeSpan SettlingFor(Cell cell) => TimeSpan.FromMilliseconds(cell.Connections > 100 ? 200 : 30);

    private Round[] RunRound(Cell cell, int order, int slices, TimeSpan slice)
    {
        var tallies = contenders.Select(_ => new Tally()).ToArray();
        var loads = new List<ILoad>();
        try
        {
            foreach (var contender in contenders) loads.Add(cell.Open(contender.Peer.Address));
            for (var s = 0; s < slices; s++)
                for (var turn = 0; turn < contenders.Count; turn++)
                {
                    var who = (turn + order + s) % contenders.Count;
                    loads[who].Play(SettlingFor(cell), new Tally());
                    var cpu = contenders[who].Peer.ProcessorTime;
                    loads[who].Play(slice, tallies[who]);
                    tallies[who].ProcessorTime += contenders[who].Peer.ProcessorTime - cpu;
                }
        }
        finally
        {
            foreach (var load in loads) load.Dispose();
        }

        return [.. tallies.Select(tally => Round.Of(cell, tally, slice * slices))];
    }
}
