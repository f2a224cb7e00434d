using System.CommandLine;
using Chaos.Benchmarks.Measuring;
using Chaos.Benchmarks.Output;
using Chaos.Benchmarks.Processes;

namespace Chaos.Benchmarks.Commands;

/// <summary>What the benchmarks that compare peers have in common: options, and a run.</summary>
internal sealed class SideBySideRun
{
    private readonly Option<int> _rounds = BenchmarkOptions.Rounds(7);
    private readonly Option<int> _seconds = BenchmarkOptions.Number("--seconds", "Seconds measured per peer, cell and round.", 2, 1, 600);
    private readonly Option<string[]> _only = BenchmarkOptions.Only();
    private readonly Option<string?> _json = BenchmarkOptions.Json();

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _rounds, _seconds, _only, _json }) command.Add(option);
    }

    /// <summary>Measures, and prints the table.</summary>
    public async Task<SideBySideReport> MeasureAsync(ParseResult parsed, string title, Protocol protocol, IEnumerable<string> peers, IReadOnlyList<Cell> cells, Goals goals)
    {
        var load = MachineFacts.ReadLoad();
        var only = parsed.GetValue(_only)!;
        var chosen = PeerSet.Installed(peers.Where(peer => only.Length == 0 || only.Contains(peer)));
        await using var set = await PeerSet.StartAsync(protocol, chosen);
        var run = new SideBySide(set.Contenders, parsed.GetValue(_rounds), TimeSpan.FromSeconds(parsed.GetValue(_seconds)), line => Console.Error.WriteLine($"{title}: {line}"));
        // On a thread of the pool: this one may be the one that handles socket events.
        var series = await Task.Run(() => run.Run(cells));
        var report = new SideBySideReport(title, goals, series, MachineFacts.Read(load), parsed.GetValue(_rounds), parsed.GetValue(_seconds));
        SideBySideTable.Print(report);
        return report;
    }

    public void WriteJson(ParseResult parsed, params SideBySideReport[] reports) => JsonOutput.Write(parsed.GetValue(_json), reports);
}
