using System.Diagnostics;
using System.Text.Json;
using Chaos.Load.External;

namespace Chaos.Cli.Tests.OwnGateway;

/// <summary>The server of tests/clients/ws-server: npm <c>ws</c> in a process of its own, sound or broken in one way.</summary>
internal sealed class WsServer : IDisposable
{
    private readonly Process _process;

    private WsServer(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>Where it takes connections.</summary>
    public string Address { get; }

    /// <summary>Starts one; skips the test where there is no Node.</summary>
    public static async Task<WsServer> StartAsync(params string[] arguments)
    {
        var missing = new[] { "node", "npm" }.Where(name => Programs.Find(name) is null).ToArray();
        if (missing.Length > 0 && Environment.GetEnvironmentVariable("CHAOS_REQUIRE_ALL") != "1") Assert.Skip($"not found on PATH: {string.Join(", ", missing)}");
        Assert.Empty(missing);
        var cancel = TestContext.Current.CancellationToken;
        var folder = Path.Combine(ChaosProcess.Root, "tests", "clients", "ws-server");
        await InstallStep.RunAsync(folder, ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "node_modules/.package-lock.json", ["package-lock.json"], cancel);
        var process = Process.Start(new ProcessStartInfo("node", ["server.mjs", .. arguments]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancel) ?? throw new InvalidOperationException("The server ended before it listened.");
            using var announced = JsonDocument.Parse(line);
            return new WsServer(process, announced.RootElement.GetProperty("address").GetString()!);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
