using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests;

/// <summary>A simulation does what sockets do: the same experiment with the same seed, once for real and once in virtual time.</summary>
public sealed class SimulationAgreementTests(ITestOutputHelper output)
{
    private const int Clients = 300;

    /// <summary>
    /// Largest distance between the distribution functions of the arrivals. Two samples of 2,000 from one distribution are farther apart in one
    /// case of a thousand (1.95 × √(2 / 2,000)); what the machine adds to each real attempt moves the curve by a hundredth or two.
    /// </summary>
    private const double MostApart = 0.062;

    [Fact]
    public async Task The_storm_after_a_cut_has_the_same_curve()
    {
        using var folder = new TempFolder();
        // Connections count as stable after 3 s, and begin anew with the backoff then: on a slow machine, too, all of them are by the time of the cut.
        string[] storm = ["experiments/storms/refused-storm.yaml", "--set", $"fleet.count={Clients}", "--set", "timeline.baseline=7s", "--set", "timeline.recovery=6s", "--seed", "4711"];
        var (real, said, errors) = await ChaosProcess.RunAsync(["run", .. storm, "--out", folder["real"]]);
        var (simulated, _, _) = await ChaosProcess.RunAsync(["simulate", .. storm, "--out", folder["simulated"]]);
        // On a machine that others keep busy the real run may be inconclusive; its arrivals are there all the same.
        Assert.True(real is 0 or 2, said + errors);
        Assert.Equal(0, simulated);

        var (here, there) = (Curve.OfReal(folder["real"]), Curve.OfSimulated(folder["simulated"]));
        var apart = Curve.Distance(here.Arrivals, there.Arrivals);
        output.WriteLine($"arrivals {here.Arrivals.Count} and {there.Arrivals.Count}, distance {apart:0.0000}; most within 100 ms {Curve.Peak(here.Arrivals)} and {Curve.Peak(there.Arrivals)}");
        Assert.InRange(apart, 0, MostApart);
        Assert.InRange((double)there.Arrivals.Count / here.Arrivals.Count, 0.95, 1.10);
        // Each client waits exactly as long, attempt by attempt.
        Assert.Equal(Clients, here.Delays.Count);
        foreach (var (client, delays) in here.Delays)
            Assert.All(delays.Zip(there.Delays[client]), pair => Assert.Equal(pair.First, pair.Second, 0.002));
    }
}

/// <summary>The attempts of a run: when they arrived on a machine that did not stand still, in microseconds after the cut and up to the end of the refusals, and the delays of each client.</summary>
internal sealed record Curve(IReadOnlyList<long> Arrivals, IReadOnlyDictionary<string, List<double>> Delays)
{
    private const long StepUs = 100_000;

    public static Curve OfReal(string folder)
    {
        var events = Read(folder);
        return Of(events, Steady(events, events.OfType<FaultOn>().Single(f => f.Fault == "cut").At),
            events.OfType<ClientAttempt>().OrderBy(a => a.At).Select(a => (a.Client, a.DelayMs!.Value)));
    }

    /// <summary>
    /// When the attempts would have arrived on a machine that never stands still: what each took beyond its backoff counts up to the third
    /// quartile of all, and what it took more than that is taken off it and those that follow it.
    /// </summary>
    private static List<long> Steady(IReadOnlyList<JournalEvent> events, long cut)
    {
        var attempts = events.OfType<ClientAttempt>().Where(a => a.At > cut).OrderBy(a => a.At).ToLookup(a => a.Client, a => (long)(a.DelayMs!.Value * 1000));
        // Of each client: from one arrival to the next, how long it meant to wait, and what came on top.
        var gaps = events.OfType<LedgerHandshake>().Where(h => h.ArrivedAt > cut && h.Client is not null).GroupBy(h => h.Client!).Select(client =>
        {
            var arrivals = client.Select(h => h.ArrivedAt).Order().ToList();
            return arrivals.Zip(arrivals.Prepend(cut), attempts[client.Key]).Select(a => (DelayUs: a.Third, OverUs: a.First - a.Second - a.Third)).ToList();
        }).ToList();
        var over = gaps.SelectMany(client => client).Select(gap => gap.OverUs).Order().ToList();
        var most = over[over.Count * 3 / 4];
        return [.. gaps.SelectMany(client =>
        {
            var at = cut;
            return client.Select(gap => at += gap.DelayUs + Math.Min(gap.OverUs, most)).ToList();
        })];
    }

    public static Curve OfSimulated(string folder)
    {
        var events = Read(folder);
        var rows = events.OfType<FleetAttempts>().SelectMany(line => Enumerable.Range(0, line.Client.Length).Select(line.Row)).OrderBy(a => a.DialledUs).ToList();
        return Of(events, rows.Select(a => a.ArrivedUs), rows.Select(a => ($"c-{a.Client:0000}", a.DelayMs)));
    }

    /// <summary>The largest distance between the shares that had arrived by the end of each 100 ms (Kolmogorov–Smirnov).</summary>
    public static double Distance(IReadOnlyList<long> a, IReadOnlyList<long> b) =>
        Enumerable.Range(1, (int)(Math.Max(a[^1], b[^1]) / StepUs) + 1).Max(step => Math.Abs(Share(a, step * StepUs) - Share(b, step * StepUs)));

    /// <summary>Most arrivals within one of these steps.</summary>
    public static int Peak(IReadOnlyList<long> arrivals) => arrivals.CountBy(us => us / StepUs).Max(step => step.Value);

    private static double Share(IReadOnlyList<long> arrivals, long us) => arrivals.Count(a => a < us) / (double)arrivals.Count;

    private static IReadOnlyList<JournalEvent> Read(string folder) => JournalReader.Read(Path.Combine(folder, "journal.jsonl")).Events;

    private static Curve Of(IReadOnlyList<JournalEvent> events, IEnumerable<long> arrivals, IEnumerable<(string Client, double DelayMs)> delays)
    {
        var cut = events.OfType<FaultOn>().Single(f => f.Fault == "cut").At;
        var end = events.OfType<FaultOff>().Single(f => f.Fault == "refused").At;
        return new Curve([.. arrivals.Where(us => us > cut && us < end).Select(us => us - cut).Order()],
            delays.Where(d => d.Client.StartsWith("c-", StringComparison.Ordinal)).GroupBy(d => d.Client).ToDictionary(g => g.Key, g => g.Select(d => d.DelayMs).ToList()));
    }
}
