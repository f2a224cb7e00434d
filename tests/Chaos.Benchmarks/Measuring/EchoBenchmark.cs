using Chaos.Benchmarks.Load;
using Chaos.Benchmarks.Processes;
using HdrHistogram;

namespace Chaos.Benchmarks.Measuring;

/// <summary>A variant, the process that clients connect to, and whose processor time counts.</summary>
internal sealed record Contender(string Variant, ServerProcess Server);

/// <summary>
/// Measures all contenders side by side. In each round and cell they take turns in short slices, in an order that rotates, so that
/// what else happens on the machine falls on all of them alike.
/// </summary>
internal sealed class EchoBenchmark(IReadOnlyList<Contender> contenders, int rounds, TimeSpan perRound, Action<string> progress)
{
    private const int SlicesPerRound = 16;
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan WarmUpSlice = TimeSpan.FromMilliseconds(500);
    private const int WarmUpSlices = 5;

    public IReadOnlyList<EchoSeries> Run(IReadOnlyList<Cell> cells)
    {
        foreach (var cell in cells)
        {
            progress($"warm-up: {cell.PayloadBytes} B, {cell.Connections} connection(s)");
            RunRound(cell, order: 0, WarmUpSlices, WarmUpSlice);
        }

        var results = cells.SelectMany(cell => contenders.Select(c => (cell, c.Variant))).ToDictionary(key => key, _ => new List<EchoRound>());
        for (var round = 0; round < rounds; round++)
        {
            progress($"round {round + 1} of {rounds}");
            foreach (var cell in cells)
            {
                var measured = RunRound(cell, round, SlicesPerRound, perRound / SlicesPerRound);
                for (var i = 0; i < contenders.Count; i++) results[(cell, contenders[i].Variant)].Add(measured[i]);
            }
        }

        return [.. results.Select(r => new EchoSeries(r.Key.cell, r.Key.Variant, r.Value))];
    }

    private EchoRound[] RunRound(Cell cell, int order, int slices, TimeSpan slice)
    {
        var frames = new EchoFrames(cell.PayloadBytes);
        var tallies = contenders.Select(_ => new Tally()).ToArray();
        var notCounted = EchoGroup.CreateHistogram();
        var groups = new List<EchoGroup>();
        try
        {
            foreach (var contender in contenders) groups.Add(new EchoGroup(contender.Server.Address, cell.Connections));
            for (var s = 0; s < slices; s++)
                for (var turn = 0; turn < contenders.Count; turn++)
                {
                    var who = (turn + order + s) % contenders.Count;
                    groups[who].Play(frames, Settling, notCounted);
                    var cpu = contenders[who].Server.ProcessorTime;
                    groups[who].Play(frames, slice, tallies[who].RoundTrips);
                    tallies[who].ProcessorTime += contenders[who].Server.ProcessorTime - cpu;
                }
        }
        finally
        {
            foreach (var group in groups) group.Dispose();
        }

        return [.. tallies.Select(t => t.ToRound(slice * slices))];
    }

    private sealed class Tally
    {
        public LongHistogram RoundTrips { get; } = EchoGroup.CreateHistogram();

        public TimeSpan ProcessorTime { get; set; }

        public EchoRound ToRound(TimeSpan measured) => new(
            RoundTrips.TotalCount / measured.TotalSeconds, RoundTrips.GetValueAtPercentile(50) / 1e3, RoundTrips.GetValueAtPercentile(99) / 1e3,
            ProcessorTime.TotalMicroseconds / RoundTrips.TotalCount);
    }
}
