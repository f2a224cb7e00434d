using System.Diagnostics;
using Chaos.Benchmarks.Load;
using Chaos.Benchmarks.Processes;
using Chaos.Benchmarks.Servers;
using Chaos.Proxy.Client;

namespace Chaos.Benchmarks.Measuring;

/// <summary>How exact a bandwidth fault is over one second, on a new connection each time.</summary>
internal static class RateBenchmark
{
    private const string Fault = "slow";
    private static readonly double[] RatesKb = [1, 10, 100, 1000, 10_000, 100_000];
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<RateSeries>> RunAsync(int rounds, Action<string> progress)
    {
        await using var set = await PeerSet.StartAsync(Protocol.Tcp, [Peers.Chaos]);
        var proxy = (DotnetPeer)set.Contenders.Single().Peer;
        using var control = new ControlClient(proxy.Control!);
        var all = new List<RateSeries>();
        foreach (var rateKb in RatesKb)
        {
            progress($"bandwidth {rateKb} KB/s");
            await control.AddFaultAsync(ChaosProxyServer.Link, new FaultRequest(Fault, "bandwidth", "downstream", Attributes: new() { ["rate"] = rateKb }));
            var reached = new List<double>();
            // Once more, to warm up.
            for (var round = -1; round < rounds; round++)
            {
                var rate = await MeasureAsync(proxy, rateKb * 1000);
                if (round >= 0) reached.Add(rate);
            }

            all.Add(new RateSeries(rateKb * 1000, reached));
            await control.RemoveFaultAsync(ChaosProxyServer.Link, Fault);
        }

        return all;
    }

    // From the first piece to the first one that comes a second or more later: no edge of the window cuts a piece.
    private static async Task<double> MeasureAsync(DotnetPeer proxy, double bytesPerSecond)
    {
        using var socket = await Opening.OpenAsync(proxy.Address, Protocol.Tcp, Traffic.DownloadMode);
        var blocks = (int)(3 * Window.TotalSeconds * bytesPerSecond / Traffic.BlockBytes) + 2;
        await SocketLoops.SendAllAsync(socket, new byte[blocks]);
        var buffer = new byte[256 * 1024];
        await Opening.ReceiveAsync(socket, buffer);
        var first = Stopwatch.GetTimestamp();
        var bytes = 0L;
        while (true)
        {
            bytes += await Opening.ReceiveAsync(socket, buffer);
            var passed = Stopwatch.GetElapsedTime(first);
            if (passed >= Window) return bytes / passed.TotalSeconds;
        }
    }
}
