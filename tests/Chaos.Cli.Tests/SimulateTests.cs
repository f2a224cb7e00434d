namespace Chaos.Cli.Tests;

/// <summary><c>chaos simulate</c> as a user meets it.</summary>
public sealed class SimulateTests
{
    private const string Storm = "experiments/storms/refused-storm.yaml";

    [Fact]
    public async Task A_simulation_prints_its_seed_first_and_last_and_repeats_byte_for_byte()
    {
        using var folder = new TempFolder();
        var (first, output, errors) = await ChaosProcess.RunAsync("simulate", Storm, "--clients", "1000", "--seed", "7", "--out", folder["a"]);
        var (second, _, _) = await ChaosProcess.RunAsync("simulate", Storm, "--clients", "1000", "--seed", "7", "--out", folder["b"]);
        Assert.True(first == 0, output + errors);
        Assert.Equal(0, second);
        const string repeat = $"./chaos simulate {Storm} --clients 1000 --seed 7";
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith($"seed 7. Repeat with: {repeat}", lines[0].TrimEnd(), StringComparison.Ordinal);
        Assert.Equal($"Seed 7. Repeat with: {repeat}", lines[^1].TrimEnd());
        Assert.DoesNotContain('\u001b', output);
        Assert.True(File.ReadAllBytes(Path.Combine(folder["a"], "journal.jsonl")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder["b"], "journal.jsonl"))));
        foreach (var report in new[] { "report.html", "junit.xml", "summary.md", "summary.json" }) Assert.True(File.Exists(Path.Combine(folder["a"], report)), report);

        var (judged, again, _) = await ChaosProcess.RunAsync("judge", Path.Combine(folder["a"], "journal.jsonl"));
        Assert.Equal(0, judged);
        Assert.Contains("passed", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_client_is_caught()
    {
        using var folder = new TempFolder();
        var (exit, output, errors) = await ChaosProcess.RunAsync("simulate", Storm, "--clients", "400", "--mutant", "client.fixed-delay", "--seed", "7", "--out", folder["a"]);
        Assert.True(exit == 1, output + errors);
        Assert.Contains("Deviated: jitter: attempt 0", output, StringComparison.Ordinal);
        Assert.Contains("--clients 400 --mutant client.fixed-delay --seed 7", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backoff-storm", "Left out, because it is not modelled: messages, nothing-lost (loss)")]
    [InlineData("reconnect-storm", "Left out, because it is not modelled: messages, nothing-lost (loss)")]
    public async Task A_storm_of_the_checklist_is_simulated_and_what_is_left_out_of_it_is_said(string id, string said)
    {
        using var folder = new TempFolder();
        var (exit, output, errors) = await ChaosProcess.RunAsync("simulate", $"experiments/checklist/{id}.yaml", "--seed", "7", "--out", folder["a"]);
        Assert.True(exit == 0, output + errors);
        Assert.Contains(said, output + errors, StringComparison.Ordinal);
        var journal = await File.ReadAllTextAsync(folder["a/journal.jsonl"], TestContext.Current.CancellationToken);
        Assert.Contains("\"left_out\":[\"messages\",\"nothing-lost (loss)\"]", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing-lost", await File.ReadAllTextAsync(folder["a/summary.md"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_not_modelled_is_named_at_its_place_and_nothing_is_started()
    {
        using var folder = new TempFolder();
        var file = folder.Write("storm.yaml", """
            id: storm
            title: A storm that asks for more than a simulation knows
            checklist: Jittered exponential backoff
            world: one-region
            fleet: { client: centrifuge-js, count: 10, link: eu.clients, feed: { from: backstage, rate_per_s: 20 } }
            scripts:
              - { name: hello, steps: [{ send_raw: hello }] }
            stop_when:
              - { name: too-many-gone, figure: disconnected_share, above: 0.5, for: 1s }
            timeline:
              faults:
                - { name: slow, link: eu.clients, fault: latency, for: 1s, attributes: { latency: 80 } }
                - { name: some, link: eu.clients, fault: reset_peer, for: 1s, toxicity: 0.5, attributes: { timeout: 10 } }
                - { name: late, link: eu.clients, fault: ws_handshake, for: 1s, attributes: { delay: 10 } }
                - { name: store, link: eu.redis, fault: reset_peer, for: 1s }
            expectations:
              - { id: nothing-lost, check: loss, during: run }
            """);
        var (exit, output, errors) = await ChaosProcess.RunAsync("simulate", file, "--clients", "10", "--out", folder["a"]);
        Assert.True(exit == 64, output + errors);
        string[] expected =
        [
            "storm.yaml:5:18: clients other than the reference are not modelled: 'centrifuge-js'",
            "storm.yaml:7:3: scripts are not modelled",
            "storm.yaml:9:3: stop conditions are not modelled",
            "storm.yaml:12:46: the fault latency is not modelled",
            "storm.yaml:13:77: a fault on a share of the connections is not modelled: toxicity 0.5",
            "storm.yaml:13:105: a reset some time after the fault begins is not modelled",
            "storm.yaml:14:90: delay of ws_handshake is not modelled",
            "storm.yaml:15:28: links other than the fleet's are not modelled: eu.redis",
            "storm.yaml:17:3: the evidence that loss needs is not modelled, and nothing else is expected",
            "9 errors. Nothing was started.",
        ];
        Assert.All(expected, line => Assert.Contains(line, errors, StringComparison.Ordinal));
        Assert.Contains("    A simulation knows reset_peer, ws_handshake.", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["a"]));
    }

    [Theory]
    [InlineData("--clients 0", "--clients 0: it may be 1 to 10,000,000.")]
    [InlineData("--latency 1250", "attempts that time out are not modelled")]
    [InlineData("--mutant client.nobody", "there is no such mutant. See: chaos mutants --list")]
    [InlineData("--mutant client.no-liveness", "the part that it breaks is not modelled, only backoff and its reset are")]
    [InlineData("--mutant gateway.no-breaker", "mutants of the gateway are not modelled")]
    public async Task Flags_that_cannot_be_used_are_refused_with_what_to_do_instead(string flags, string message)
    {
        using var folder = new TempFolder();
        var (exit, _, errors) = await ChaosProcess.RunAsync(["simulate", Storm, .. flags.Split(' '), "--out", folder["a"]]);
        Assert.Equal(64, exit);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["a"]));
    }

    [Fact]
    public async Task One_experiment_must_be_named()
    {
        var (none, _, errors) = await ChaosProcess.RunAsync("simulate");
        Assert.Equal(64, none);
        Assert.Contains("name an experiment, such as experiments/storms/refused-storm.yaml", errors, StringComparison.Ordinal);
        var (several, _, choose) = await ChaosProcess.RunAsync("simulate", "experiments/checklist");
        Assert.Equal(64, several);
        Assert.Contains("choose one with --only ID", choose, StringComparison.Ordinal);
    }
}
