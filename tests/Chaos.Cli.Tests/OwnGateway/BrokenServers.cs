namespace Chaos.Cli.Tests.OwnGateway;

/// <summary>
/// Runs on servers that are broken, say little or let nobody in. Each shows what never happens, not what takes some milliseconds, so they go
/// on side by side, once for all tests.
/// </summary>
internal static class BrokenServers
{
    private static readonly Lazy<Task<Found>> All = new(RunAsync);

    /// <summary>What was found of each.</summary>
    internal sealed record Found(WireRun NoPong, WireRun KeepsDead, WireRun NoHeartbeat, WireRun LetsNobodyIn);

    /// <summary>The runs; the first who asks starts them, and is skipped where there is no Node.</summary>
    public static Task<Found> RunsAsync() => All.Value;

    private static async Task<Found> RunAsync()
    {
        using var noPong = await WsServer.StartAsync("--broken", "no-pong");
        using var keepsDead = await WsServer.StartAsync("--broken", "keeps-dead");
        using var noHeartbeat = await WsServer.StartAsync("--heartbeat", "0");
        using var letsNobodyIn = await WsServer.StartAsync("--want", "Authorization=Bearer s3cret");
        using var folder = new TempFolder();
        var runs = await Task.WhenAll(
            WireRun.OfAsync(noPong.Address, "wire-pings", "wire-black-hole"),
            WireRun.OfAsync(keepsDead.Address, "wire-half-dead"),
            // Where nothing tells how soon it should notice, a short silence shows as much as a long one.
            WireRun.OfAsync(noHeartbeat.Address, ["wire-half-dead"], ["--set", "timeline.faults[silence].for=3s"], folder),
            WireRun.OfAsync(letsNobodyIn.Address, "wire-pings"));
        return new Found(runs[0], runs[1], runs[2], runs[3]);
    }
}
