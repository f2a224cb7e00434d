using System.Diagnostics;
using System.Globalization;

namespace Chaos.Benchmarks.Measuring;

/// <summary>One simulation in a process of its own, from its start to the last report.</summary>
/// <param name="Seconds">Wall time of the process.</param>
/// <param name="PeakBytes">The most memory that it had resident.</param>
/// <param name="JournalBytes">Length of its journal.</param>
/// <param name="ExitCode">Its exit code: 0 when the storm passed.</param>
internal sealed record SimulationRound(double Seconds, long PeakBytes, long JournalBytes, int ExitCode);

/// <summary>Every round of one number of clients.</summary>
internal sealed record SimulationSeries(int Clients, IReadOnlyList<SimulationRound> Rounds)
{
    public double Seconds => Middle(Rounds.Select(r => r.Seconds));

    public double PeakBytes => Middle(Rounds.Select(r => (double)r.PeakBytes));

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}

/// <summary>What <c>simulate</c> measured.</summary>
internal sealed record SimulationReport(IReadOnlyList<SimulationSeries> Series, MachineFacts Machine, int Rounds)
{
    /// <summary>Goals for a million clients, and for twice the clients.</summary>
    public const double MostSeconds = 60, MostBytes = 2.0 * (1L << 30), MostGrowth = 2.2;
}

/// <summary>Runs <c>chaos simulate</c> on the storm of the examples.</summary>
internal static class SimulationBenchmark
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public static async Task<SimulationRound> RunAsync(int clients, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("chaos-benchmark-");
        try
        {
            string[] arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "Chaos.Cli.dll"), "simulate", Path.Combine("experiments", "storms", "refused-storm.yaml"),
                "--clients", clients.ToString(CultureInfo.InvariantCulture), "--seed", "1", "--out", folder.FullName,
            ];
            var began = Stopwatch.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root(), RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            // The kernel keeps the mark, but only while the process lives: the last look before its end counts.
            long peak = 0;
            while (!process.WaitForExit(LookEvery))
            {
                cancel.ThrowIfCancellationRequested();
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }

            await output;
            var journal = new FileInfo(Path.Combine(folder.FullName, "journal.jsonl"));
            return new SimulationRound(Stopwatch.GetElapsedTime(began).TotalSeconds, peak, journal.Length, process.ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Chaos.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("Run it from the source tree.");
        return folder.FullName;
    }
}
