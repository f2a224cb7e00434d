using System.Diagnostics;
using System.Text.Json;
using Chaos.Benchmarks.Load;
using Chaos.Benchmarks.Processes;
using Chaos.Benchmarks.Servers;
using Chaos.Proxy.Client;
using HdrHistogram;

namespace Chaos.Benchmarks.Measuring;

/// <summary>How exact a delay is: what the proxy says of each item, and what the receiver sees of it.</summary>
internal sealed class DelayBenchmark(double delayMs, int perSecond, int connections, TimeSpan time)
{
    private const string Fault = "late";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<DelaySeries> RunAsync(Protocol protocol, Way way, int rounds, Action<string> progress)
    {
        await using var farEnd = new FarEnd(protocol);
        await using var proxy = await DotnetPeer.StartAsync(Peers.Chaos, protocol, farEnd.Address);
        using var control = new ControlClient(proxy.Control!);
        using var load = await OpenLoop.OpenAsync(proxy.Address, farEnd, protocol, way, connections);
        // The code of both ways, with and without, gets warm before anything is measured.
        await RoundAsync(proxy, control, load, way);
        var measured = new List<DelayRound>();
        for (var round = 0; round < rounds; round++)
        {
            progress($"{protocol} {way}: round {round + 1} of {rounds}");
            measured.Add(await RoundAsync(proxy, control, load, way));
        }

        return new DelaySeries(protocol, way, measured);
    }

    private async Task<DelayRound> RoundAsync(DotnetPeer proxy, ControlClient control, OpenLoop load, Way way)
    {
        var (without, _) = await Task.Run(() => load.Run(perSecond, time, WarmUp));
        var ledgerAt = new FileInfo(proxy.Ledger!).Length;
        await control.AddFaultAsync(ChaosProxyServer.Link, new FaultRequest(Fault, "latency", way.ToString().ToLowerInvariant(), Attributes: new() { ["latency"] = delayMs }));
        var (with, sent) = await Task.Run(() => load.Run(perSecond, time, WarmUp));
        await control.RemoveFaultAsync(ChaosProxyServer.Link, Fault);
        var own = await ReadLedgerAsync(proxy.Ledger!, ledgerAt, sent * load.MessageBytes, skip: (long)(WarmUp.TotalSeconds * perSecond) * load.MessageBytes);
        return new DelayRound(
            Micros(own, 50), Micros(own, 99), own.GetMaxValue() / 1e3, Micros(without, 50), Micros(without, 99), Micros(with, 50) - delayMs * 1e3, Micros(with, 99) - delayMs * 1e3);
    }

    private static double Micros(LongHistogram times, double percentile) => times.GetValueAtPercentile(percentile) / 1e3;

    // Bytes are counted, not lines: on a busy machine one read may find two messages. The ledger is written in the background, and its
    // last lines may be a little behind.
    private static async Task<LongHistogram> ReadLedgerAsync(string path, long from, long bytes, long skip)
    {
        var errors = Tally.CreateHistogram();
        var seen = 0L;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = from;
        using var reader = new StreamReader(file);
        var start = Stopwatch.GetTimestamp();
        var half = "";
        while (seen < bytes)
        {
            var text = half + await reader.ReadToEndAsync();
            var end = text.LastIndexOf('\n') + 1;
            half = text[end..];
            foreach (var line in text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.GetProperty("kind").GetString() != "ledger.injected") continue;
                seen += json.RootElement.GetProperty("bytes").GetInt64();
                if (seen <= skip) continue;
                var lateUs = json.RootElement.GetProperty("observed_us").GetInt64() - json.RootElement.GetProperty("configured_us").GetInt64();
                // The ledger counts whole microseconds, rounded down.
                errors.RecordValue(Math.Max(1, lateUs * 1000));
            }

            if (seen < bytes && Stopwatch.GetElapsedTime(start) > Patience) throw new TimeoutException($"The ledger has {seen} of {bytes} bytes that were delayed.");
            if (seen < bytes) await Task.Delay(50);
        }

        return errors;
    }
}
