namespace Chaos.Cli.Tests.Live;

/// <summary>The live page on the command line.</summary>
public sealed class LiveFlagTests
{
    [Theory]
    // What follows the flag is a file, and no port.
    [InlineData("no-such-experiment.yaml", "run", "--ui", "no-such-experiment.yaml")]
    [InlineData("it may be a port", "run", "--ui=here")]
    [InlineData("1 to 65535", "watch", ".", "--port", "99999")]
    [InlineData("no file or folder", "watch", "no-such-folder")]
    [InlineData("no journal.jsonl", "watch", "experiments")]
    public async Task What_cannot_be_used_exits_with_64_and_says_why(string says, params string[] arguments)
    {
        using var folder = new TempFolder();
        folder.Write("journal.jsonl", "");
        var (exitCode, output, errors) = await ChaosProcess.RunAsync([.. arguments.Select(a => a == "." ? folder[""] : a)]);
        Assert.True(exitCode == 64, $"exit code {exitCode}\n{output}\n{errors}");
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var folder = new TempFolder();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var (exitCode, _, errors) = await ChaosProcess.RunAsync("watch", folder.Write("journal.jsonl", ""), "--port", $"{port}");
        Assert.Equal(64, exitCode);
        Assert.Contains($"port {port} cannot be used", errors, StringComparison.Ordinal);
    }
}
