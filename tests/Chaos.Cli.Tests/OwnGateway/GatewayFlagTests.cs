namespace Chaos.Cli.Tests.OwnGateway;

/// <summary>A gateway of one's own on the command line: what cannot be used exits with 64, says what to do, and starts nothing.</summary>
public sealed class GatewayFlagTests
{
    private const string Elsewhere = "ws://gateway.example.com:9000/chat";

    [Fact]
    public async Task Nothing_beyond_this_machine_is_touched_without_the_consent_of_the_command_line_and_the_file()
    {
        using var folder = new TempFolder();
        var (experiment, agreed) = Write(folder, allow: "gateway.example.com:9000");
        var (other, _) = Write(folder, allow: null, name: "silent");

        await RefusedAsync(folder, "add --allow-target gateway.example.com:9000. Nothing was started.", experiment, "--gateway", Elsewhere);
        await RefusedAsync(folder, "write allow: [ \"gateway.example.com:9000\" ] below gateway: in the file of the world silent. Nothing was started.",
            other, "--gateway", Elsewhere, "--allow-target", "gateway.example.com:9000");
        await RefusedAsync(folder, "add --allow-target gateway.example.com:9000.", experiment, "--gateway", Elsewhere, "--allow-target", "gateway.example.com:9001");
        await RefusedAsync(folder, "10.1.2.3:80 is not on this machine", experiment, "--gateway", "ws://10.1.2.3/", "--allow-target", "gateway.example.com:9000");
        Assert.Contains("gateway.example.com:9000", await File.ReadAllTextAsync(agreed, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_world_that_leaves_its_gateway_open_needs_one()
    {
        using var folder = new TempFolder();
        var (experiment, _) = Write(folder, allow: null);
        await RefusedAsync(folder, "wire-pings breaks a gateway of your own: say with --gateway ws://HOST:PORT/PATH where it is", "experiments/wire/wire-pings.yaml");
        await RefusedAsync(folder, "own breaks a gateway of your own", experiment);
    }

    [Theory]
    [InlineData("--gateway http://127.0.0.1:1/: it is no WebSocket address. Write ws://host:port/path", "--gateway", "http://127.0.0.1:1/")]
    [InlineData("--gateway nowhere: it is no URL.", "--gateway", "nowhere")]
    [InlineData("--gateway-header: write NAME: VALUE", "--gateway", "ws://127.0.0.1:1/", "--gateway-header", "Authorization")]
    [InlineData("--only nothing: no experiment has that id or tag. There are: wire-", "--gateway", "ws://127.0.0.1:1/", "--only", "nothing")]
    public async Task Flags_that_cannot_be_used_say_how_to_write_them(string expected, params string[] arguments)
    {
        using var folder = new TempFolder();
        await RefusedAsync(folder, expected, arguments);
    }

    [Fact]
    public async Task Experiments_that_start_their_own_gateway_do_not_take_another()
    {
        using var folder = new TempFolder();
        await RefusedAsync(folder, "terminal-codes starts its own gateway. Choose experiments whose world is external", "experiments/checklist/terminal-codes.yaml", "--gateway", "ws://127.0.0.1:1/");
    }

    [Fact]
    public async Task A_header_from_the_environment_must_be_there()
    {
        using var folder = new TempFolder();
        var (experiment, world) = Write(folder, allow: null);
        await File.AppendAllTextAsync(world, "\n      headers: { Authorization: \"Bearer ${CHAOS_TEST_NO_SUCH_VARIABLE}\" }\n", TestContext.Current.CancellationToken);
        await RefusedAsync(folder, "the header Authorization of the world own needs the environment variable CHAOS_TEST_NO_SUCH_VARIABLE, which is not set.", experiment, "--gateway", "ws://127.0.0.1:1/");
    }

    private static async Task RefusedAsync(TempFolder folder, string expected, params string[] arguments)
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync(["run", .. arguments, "--out", folder["out"]]);
        Assert.True(exitCode == 64, $"exit code {exitCode}\n{output}\n{errors}");
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.False(Directory.Exists(folder["out"]));
    }

    private static (string Experiment, string World) Write(TempFolder folder, string? allow, string name = "own")
    {
        Directory.CreateDirectory(folder["worlds"]);
        var world = folder.Write($"worlds/{name}.yaml", $$"""
            name: {{name}}
            regions:
              - name: eu
                gateway:
                  kind: external
            """ + (allow is null ? "" : $"\n      allow: [ \"{allow}\" ]"));
        return (folder.Write($"{name}.yaml", $$"""
            id: {{name}}
            title: Clients stay connected
            checklist: Heartbeat and liveness timeout strategy
            world: {{name}}
            fleet: { client: plain-websocket, count: 10, link: eu.clients }
            timeline: { baseline: 1s, recovery: 1s }
            expectations:
              - { id: left-alone, check: alive, during: run }
            """), world);
    }
}
