using System.Diagnostics;
using Chaos.Conformance.Worlds;
using Chaos.Load.External;
using Chaos.Proxy;
using Xunit;

namespace Chaos.Conformance;

/// <summary>The stock Toxiproxy client for Node, unmodified, against the control API: a user's own tests must not notice the difference.</summary>
public sealed class ToxiproxyNodeTests
{
    [Fact]
    public async Task The_stock_node_client_finds_a_toxiproxy()
    {
        Need.Node();
        var cancel = TestContext.Current.CancellationToken;
        var folder = Path.Combine(Need.ClientsFolder, "toxiproxy");
        await InstallStep.RunAsync(folder, ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "node_modules/.package-lock.json", ["package-lock.json"], cancel);
        await using var proxy = await StartAsync();
        using var node = Process.Start(new ProcessStartInfo("node", ["smoke.mjs", proxy.ControlAddress.GetLeftPart(UriPartial.Authority)])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(cancel);
        var errors = node.StandardError.ReadToEndAsync(cancel);
        await node.WaitForExitAsync(cancel).WaitAsync(TimeSpan.FromSeconds(60), cancel);
        Assert.True(node.ExitCode == 0, await errors);
        Assert.Equal("ok", (await output).Trim());
    }

    // Where such clients look for it by themselves; unless something else is there on this machine.
    private static async Task<ProxyHost> StartAsync()
    {
        try
        {
            return await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:8474", Seed = 1 });
        }
        catch (IOException)
        {
            return await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", Seed = 1 });
        }
    }
}
