using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Chaos.Cli.Tests;

/// <summary>docker-compose.yml on a container engine, with images that are made here: its commands, networks, ports, checks of health and order are its own.</summary>
public sealed class ComposeRunTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly Dictionary<string, string> Clients = new() { ["eu"] = "8001", ["us"] = "8002", ["ap"] = "8003" };
    private readonly string _project = "chaos" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _admin = Guid.NewGuid().ToString("N");
    private readonly string _control = Guid.NewGuid().ToString("N");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private bool _begun;

    public async ValueTask DisposeAsync()
    {
        if (_begun) await ComposeAsync("down", "--timeout", "1", "--volumes");
        _http.Dispose();
    }

    [Fact]
    public async Task Three_regions_come_up_reach_each_other_through_the_proxy_and_feel_its_faults()
    {
        Need.There(Environment.GetEnvironmentVariable("DOCKER_HOST") is not null, "DOCKER_HOST names no container engine (tests/containers/engine.sh starts one)");
        Need.Program("docker-compose");
        Need.Program("podman");
        await SucceedAsync(Launch("bash", Path.Combine(ChaosProcess.Root, "tests", "containers", "images.sh")));
        // Clients of Toxiproxy look for it on the same port, and so does their test.
        await UntilAsync(() => Task.FromResult(IsFree(8474)), "nobody listens on port 8474");
        _begun = true;
        await UpAsync();

        foreach (var (region, port) in Clients)
            await UntilAsync(async () => (await GetAsync($"http://127.0.0.1:{port}/readyz")).Status == HttpStatusCode.OK, $"{region} is ready");

        // What is published in one region reaches the two others, through the proxy's links.
        var first = await PublishAsync("eu");
        Assert.Equal(1, (int)first["offset"]!);
        foreach (var peer in new[] { "us", "ap" })
            await UntilAsync(async () => await AppliedAsync("eu", peer) == 1, $"{peer} has what eu published");
        Assert.Equal(2, (int)(await PublishAsync("us"))["offset"]!);

        // The way from eu to us is as long as in the world's file: 90 ms there and back.
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("http://127.0.0.1:8012/healthz")).Status);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(90));

        // Faults go in at the control API, for who has its token, and hit one link alone.
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("http://127.0.0.1:8474/proxies")).Status);
        await SwitchAsync("eu.redis", enabled: false);
        await UntilAsync(async () => (await GetAsync("http://127.0.0.1:8001/readyz")).Status == HttpStatusCode.ServiceUnavailable, "eu has lost its store");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("http://127.0.0.1:8002/readyz")).Status);
        await SwitchAsync("eu.redis", enabled: true);
        await UntilAsync(async () => (await GetAsync("http://127.0.0.1:8001/readyz")).Status == HttpStatusCode.OK, "eu has it back");
    }

    /// <summary>
    /// Starts everything. Podman leaves asking for containers' health to systemd's timers; where there is no systemd nobody would ask, and what waits for
    /// it would wait for ever. So it is asked here as often as the file says.
    /// </summary>
    private async Task UpAsync()
    {
        var up = Launch("docker-compose", ComposeArguments("up", "-d", "--no-build"));
        var ended = SucceedAsync(up);
        while (!ended.IsCompleted)
        {
            var (_, containers, _) = await RunAsync(Launch("podman", "ps", "--quiet", "--filter", $"name={_project}_redis"));
            foreach (var container in containers.Split('\n', StringSplitOptions.RemoveEmptyEntries)) await RunAsync(Launch("podman", "healthcheck", "run", container));
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(1)));
        }

        await ended;
    }

    private Task<(int Exit, string Output, string Errors)> ComposeAsync(params string[] command) => RunAsync(Launch("docker-compose", ComposeArguments(command)));

    private string[] ComposeArguments(params string[] command) =>
        ["--project-name", _project, "--file", "docker-compose.yml", "--file", Path.Combine("tests", "containers", "images.yml"), .. command];

    private Process Launch(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = ChaosProcess.Root };
        var environment = start.Environment;
        environment["CHAOS_GATEWAY_JWT_SECRET"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        environment["CHAOS_GATEWAY_ADMIN_TOKEN"] = _admin;
        environment["CHAOS_CONTROL_TOKEN"] = _control;
        environment["CHAOS_GATEWAY_PROGRAM"] = environment["CHAOS_PROXY_PROGRAM"] = AppContext.BaseDirectory;
        // .../dotnet/shared/Microsoft.NETCore.App/VERSION/
        environment["CHAOS_DOTNET"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Process.Start(start)!;
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(Process process)
    {
        using (process)
        using (var limit = new CancellationTokenSource(Limit))
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end within {Limit.TotalSeconds} s");
            }

            return (process.ExitCode, await output, await errors);
        }
    }

    private static async Task SucceedAsync(Process process)
    {
        var (exit, output, errors) = await RunAsync(process);
        Assert.True(exit == 0, $"exit code {exit}: {output}{errors}");
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string url)
    {
        try
        {
            using var reply = await _http.GetAsync(url);
            return (reply.StatusCode, await reply.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException e)
        {
            // A gateway that does not listen yet: the proxy takes the connection and ends it.
            return (HttpStatusCode.BadGateway, e.Message);
        }
    }

    private async Task<JsonNode> PublishAsync(string region)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{Clients[region]}/admin/publish");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _admin);
        request.Content = JsonContent.Create(new { channel = "acme:compose", data = new { region } });
        using var reply = await _http.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<int> AppliedAsync(string region, string peer)
    {
        var (_, text) = await GetAsync($"http://127.0.0.1:{Clients[region]}/metrics");
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith("chaos_replication_entries_total{", StringComparison.Ordinal)
            && l.Contains("outcome=\"applied\"", StringComparison.Ordinal) && l.Contains($"peer=\"{peer}\"", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private async Task SwitchAsync(string link, bool enabled)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:8474/proxies/{link}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _control);
        request.Content = JsonContent.Create(new { enabled });
        using var reply = await _http.SendAsync(request);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
    }

    private static Task UntilAsync(Func<Task<bool>> condition, string what) => Wait.UntilAsync(condition, TimeSpan.FromSeconds(60), () => what);

    private static bool IsFree(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().All(l => l.Port != port);
}
