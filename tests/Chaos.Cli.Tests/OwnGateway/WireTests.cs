using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests.OwnGateway;

/// <summary>
/// The wire experiments on servers that have nothing of this project: npm <c>ws</c>, and ASP.NET Core's own WebSockets. Sound ones are not
/// accused, and two broken ones are found out.
/// </summary>
public sealed class WireTests
{
    [Fact]
    public async Task A_sound_server_of_another_make_passes()
    {
        using var server = await WsServer.StartAsync();
        // One that is patient where clients must not be lost on the way: a machine may stand still for two seconds.
        using var patient = await WsServer.StartAsync("--heartbeat", "6000");
        using var folder = new TempFolder();
        var runs = await Task.WhenAll(
            WireRun.OfAsync(server.Address, "wire-pings", "wire-half-dead", "wire-black-hole", "wire-close-codes", "wire-slow-handshakes"),
            WireRun.OfAsync(patient.Address, ["wire-slow-link", "wire-others"], WireRun.Patient, folder));
        Assert.Equal(7, runs.Sum(run => run.Experiments.Count));
        Assert.All(runs.SelectMany(run => run.Experiments), e => Assert.True(e.IsPassed, e.Sentence));
    }

    [Fact]
    public async Task A_crowd_that_was_refused_comes_back_apart()
    {
        using var server = await WsServer.StartAsync();
        var refused = Assert.Single((await WireRun.OfAsync(server.Address, "wire-refused")).Experiments);
        Assert.True(refused.IsPassed, refused.Sentence);
    }

    [Fact]
    public async Task ASP_NET_Cores_own_WebSockets_pass()
    {
        await using var server = await AspNetServer.StartAsync();
        var run = await WireRun.OfAsync(server.Echo, "wire-pings", "wire-half-dead", "wire-slow-handshakes");
        Assert.Equal(3, run.Experiments.Count);
        Assert.All(run.Experiments, e => Assert.True(e.IsPassed, e.Sentence));
    }

    [Fact]
    public async Task A_SignalR_hub_passes_with_its_first_message()
    {
        await using var server = await AspNetServer.StartAsync();
        using var folder = new TempFolder();
        var run = await WireRun.OfAsync(server.Hub, ["wire-pings", "wire-slow-link"], ["--gateway-hello", "{\"protocol\":\"json\",\"version\":1}\u001e", .. WireRun.Patient], folder);
        Assert.Equal(2, run.Experiments.Count);
        Assert.All(run.Experiments, e => Assert.True(e.IsPassed, e.Sentence));
    }

    [Fact]
    public async Task A_server_that_answers_no_pings_is_found_out_and_what_needs_answers_is_not_held_against_it()
    {
        var run = (await BrokenServers.RunsAsync()).NoPong;
        var pings = run.Experiments.Single(e => e.Id == "wire-pings");
        Assert.True(pings.Breaks("pings-answered"), pings.Sentence);
        var hole = run.Experiments.Single(e => e.Id == "wire-black-hole");
        Assert.Equal("baseline-not-met", hole.Outcome);
        Assert.Contains("pings-answered", hole.Sentence, StringComparison.Ordinal);
        Assert.Contains("RFC 6455, 5.5.2", hole.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_ends_half_dead_connections_is_found_out()
    {
        var dead = Assert.Single((await BrokenServers.RunsAsync()).KeepsDead.Experiments);
        Assert.True(dead.Breaks("let-go"), dead.Sentence);
    }

    [Fact]
    public async Task A_server_without_a_heartbeat_is_not_accused_of_a_slow_one()
    {
        var dead = Assert.Single((await BrokenServers.RunsAsync()).NoHeartbeat.Experiments);
        Assert.Equal("inconclusive", dead.Outcome);
        Assert.Contains("no connection got two pings of the gateway before silence", dead.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_get_in_with_what_the_gateway_wants_and_no_secret_is_written()
    {
        using var server = await WsServer.StartAsync("--want", "Authorization=Bearer s3cret", "--subprotocol", "chat.v2", "--greeting", "let me in, s3cret");
        using var folder = new TempFolder();
        string[] flags = ["--gateway-header", "Authorization: Bearer s3cret", "--gateway-subprotocol", "chat.v2", "--gateway-hello", "let me in, s3cret"];

        var run = await WireRun.OfAsync($"{server.Address}?token=s3cret", ["wire-pings"], flags, folder);

        Assert.True(Assert.Single(run.Experiments).IsPassed, run.Experiments[0].Sentence);
        foreach (var file in Directory.EnumerateFiles(folder["out"])) Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        Assert.Contains("--gateway-header 'Authorization: …'", events.OfType<RunStarted>().Single().Command, StringComparison.Ordinal);
        // The proxy is all that was started.
        Assert.Equal("proxy", Assert.Single(events.OfType<PartStarted>()).Role);
    }

    [Fact]
    public async Task A_gateway_behind_TLS_is_reached_with_the_roots_that_its_world_names()
    {
        using var certificate = Certificate();
        await using var server = await AspNetServer.StartAsync(certificate);
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["worlds"]);
        folder.Write("worlds/mine.yaml", $$"""
            name: mine
            regions:
              - name: eu
                gateway: { kind: external, address: "{{server.Echo}}", tls: { ca: "{{folder.Write("roots.pem", certificate.ExportCertificatePem())}}" } }
            """);
        var pings = await File.ReadAllTextAsync(Path.Combine(ChaosProcess.Root, "experiments", "wire", "wire-pings.yaml"), TestContext.Current.CancellationToken);
        folder.Write("pings.yaml", pings.Replace("world: external", "world: mine", StringComparison.Ordinal));

        var run = await WireRun.OfAsync([folder["pings.yaml"], .. WireRun.PatientPings], folder);

        Assert.StartsWith("wss://127.0.0.1:", server.Echo, StringComparison.Ordinal);
        Assert.True(Assert.Single(run.Experiments).IsPassed, run.Experiments[0].Sentence);
    }

    [Fact]
    public async Task Whoever_is_not_let_in_is_told_why()
    {
        var pings = Assert.Single((await BrokenServers.RunsAsync()).LetsNobodyIn.Experiments);
        Assert.Equal("baseline-not-met", pings.Outcome);
        Assert.Contains("0 of 50 clients connected within 30 s; ", pings.Sentence, StringComparison.Ordinal);
        Assert.Contains("was last told: handshake 401 Unauthorized", pings.Sentence, StringComparison.Ordinal);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gateway", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

/// <summary>A run of wire experiments, and its verdict as the summary has it.</summary>
internal sealed record WireRun(IReadOnlyList<WireRun.Judged> Experiments)
{
    /// <summary>Flags that have clients wait longer than a machine stands still before they give a connection up.</summary>
    public static string[] Patient { get; } = ["--set", "fleet.policy.ping_slack_ms=6000"];

    /// <summary>Flags for wire-pings: an answer that comes late, as on a machine that stands still, is told from none, and enough pings and goodbyes have that time left.</summary>
    public static string[] PatientPings { get; } =
    [
        "--set", "timeline.baseline=6s", "--set", "timeline.faults[goodbye].for=5s", "--set", "expectations[pings-answered].within_ms=3000",
    ];

    /// <param name="Broken">Expectations that broke.</param>
    internal sealed record Judged(string Id, string Outcome, string Sentence, IReadOnlyList<string> Broken)
    {
        private static readonly string[] Starved = ["other programs took", "the machine is too slow to judge"];

        /// <summary>Passed; or undecided for want of nothing but processor time, of which a server is innocent.</summary>
        public bool IsPassed => Outcome == "passed" || (Outcome == "inconclusive" && Starved.Any(words => Sentence.Contains(words, StringComparison.Ordinal)));

        public bool Breaks(string expectation) => Broken.Contains(expectation);
    }

    public static async Task<WireRun> OfAsync(string gateway, params string[] experiments)
    {
        using var folder = new TempFolder();
        return await OfAsync(gateway, experiments, [], folder);
    }

    public static Task<WireRun> OfAsync(string gateway, string[] experiments, string[] flags, TempFolder folder) =>
        OfAsync(["--gateway", gateway, .. experiments.SelectMany(e => new[] { "--only", e }), .. flags,
            .. experiments.Contains("wire-pings") ? PatientPings : []], folder);

    public static async Task<WireRun> OfAsync(string[] arguments, TempFolder folder)
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync(["run", .. arguments, "--out", folder["out"], "--seed", "7"]);
        Assert.True(exitCode is >= 0 and <= 3, $"exit code {exitCode}\n{output}\n{errors}");
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(folder["out/summary.json"], TestContext.Current.CancellationToken));
        return new WireRun([.. summary.RootElement.GetProperty("experiments").EnumerateArray().Select(e => new Judged(
            e.GetProperty("id").GetString()!, e.GetProperty("outcome").GetString()!, e.GetProperty("sentence").GetString()!,
            [.. e.GetProperty("expectations").EnumerateArray().Where(x => x.GetProperty("outcome").GetString() == "broken").Select(x => x.GetProperty("id").GetString()!)]))]);
    }
}
