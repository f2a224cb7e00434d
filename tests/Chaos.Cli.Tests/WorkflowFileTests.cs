using System.Text.RegularExpressions;
using Chaos.Experiments.Verdicts;
using YamlDotNet.RepresentationModel;

namespace Chaos.Cli.Tests;

/// <summary>The files that run the nights on GitHub and GitLab, as far as they can be looked at without either: they are well formed, and fit the tool.</summary>
public sealed partial class WorkflowFileTests
{
    private const string History = "reports/nights";
    private const string Out = "reports/out/nightly";

    private static readonly YamlMappingNode GitHub = Read(".github/workflows/nightly.yml");
    private static readonly YamlMappingNode GitLab = Read(".gitlab-ci.yml");
    private static readonly List<YamlMappingNode> Steps = [.. List(Map(Map(GitHub, "jobs"), "nightly"), "steps").Cast<YamlMappingNode>()];

    [Fact]
    public void On_GitHub_it_starts_by_itself_every_night_and_by_hand_with_a_seed()
    {
        var on = Map(GitHub, "on");
        Assert.Matches(@"^\d{1,2} \d{1,2} \* \* \*$", Text((YamlMappingNode)List(on, "schedule").Single(), "cron"));
        Assert.Equal(["accept", "seed"], Map(Map(on, "workflow_dispatch"), "inputs").Children.Keys.Select(k => ((YamlScalarNode)k).Value).Order());
        Assert.Equal("read", Text(Map(GitHub, "permissions"), "contents"));
        Assert.Equal("false", Text(Map(GitHub, "concurrency"), "cancel-in-progress"));
    }

    [Fact]
    public void Every_step_either_uses_an_action_of_a_stated_version_or_runs_a_command()
    {
        Assert.All(Steps, step =>
        {
            var uses = Find(step, "uses");
            Assert.True(uses is null != Find(step, "run") is null, step.ToString());
            if (uses is not null) Assert.Matches(@"^actions/[a-z-]+(/[a-z]+)?@v\d+$", ((YamlScalarNode)uses).Value!);
        });
    }

    [Fact]
    public void Nothing_that_somebody_types_is_pasted_into_a_script() =>
        Assert.All(Steps.Where(s => Find(s, "run") is not null), step => Assert.DoesNotContain("${{", Text(step, "run"), StringComparison.Ordinal));

    [Fact]
    public void Expressions_name_contexts_that_exist()
    {
        var text = File.ReadAllText(Path.Combine(ChaosProcess.Root, ".github/workflows/nightly.yml"));
        var expressions = ExpressionPattern().Matches(text).Select(m => m.Groups[1].Value.Trim()).ToList();
        Assert.NotEmpty(expressions);
        Assert.All(expressions, e => Assert.Contains(e, new[] { "github.run_id", "github.run_attempt", "inputs.seed", "inputs.accept", "!cancelled()" }));
    }

    [Fact]
    public void The_nights_are_restored_before_and_saved_after_also_when_something_did_not_hold()
    {
        var restore = Steps.FindIndex(s => Uses(s).StartsWith("actions/cache/restore@", StringComparison.Ordinal));
        var tonight = Steps.FindIndex(s => Find(s, "run") is not null && Text(s, "run").StartsWith("./chaos nightly", StringComparison.Ordinal));
        var save = Steps.FindIndex(s => Uses(s).StartsWith("actions/cache/save@", StringComparison.Ordinal));

        Assert.True(restore >= 0 && restore < tonight && tonight < save, $"{restore}, {tonight}, {save}");
        Assert.Equal(History, Text(Map(Steps[restore], "with"), "path"));
        Assert.Equal(History, Text(Map(Steps[save], "with"), "path"));
        Assert.Equal(Text(Map(Steps[restore], "with"), "key"), Text(Map(Steps[save], "with"), "key"));
        Assert.StartsWith(Text(Map(Steps[restore], "with"), "restore-keys"), Text(Map(Steps[save], "with"), "key"), StringComparison.Ordinal);
        Assert.All(Steps.Skip(tonight + 1), s => Assert.Equal("${{ !cancelled() }}", Text(s, "if")));
        Assert.Contains("global.json", Text(Map(Steps.Single(s => Uses(s).Contains("setup-dotnet", StringComparison.Ordinal)), "with"), "global-json-file"), StringComparison.Ordinal);
    }

    [Fact]
    public void On_GitLab_a_number_that_got_worse_warns_and_anything_else_fails()
    {
        var job = Map(GitLab, "nightly");
        Assert.Equal($"{ExitCodes.Worse}", Text(Map(job, "allow_failure"), "exit_codes"));
        Assert.Contains(List(job, "rules").Cast<YamlMappingNode>(), r => Text(r, "if") == "$CI_PIPELINE_SOURCE == \"schedule\"");
        Assert.Equal(History + "/", ((YamlScalarNode)List(Map(job, "cache"), "paths").Single()).Value);
        Assert.Equal("always", Text(Map(job, "cache"), "when"));
        Assert.Equal([$"{Out}/suite/junit.xml", $"{Out}/junit-trend.xml"], List(Map(Map(job, "artifacts"), "reports"), "junit").Select(n => ((YamlScalarNode)n).Value));
        Assert.Contains(Text(job, "stage"), List(GitLab, "stages").Select(n => ((YamlScalarNode)n).Value));
    }

    [Fact]
    public async Task Their_commands_are_the_same_and_their_options_exist()
    {
        var github = Text(Steps.Single(s => Find(s, "run") is not null && Text(s, "run").StartsWith("./chaos nightly", StringComparison.Ordinal)), "run");
        var gitlab = ((YamlScalarNode)List(Map(GitLab, "nightly"), "script").Single()).Value!;
        Assert.Equal(github, gitlab);
        Assert.EndsWith($"--out {Out}", github, StringComparison.Ordinal);

        var (exitCode, help, errors) = await ChaosProcess.RunAsync("nightly", "--help");

        Assert.True(exitCode == 0, errors);
        Assert.All(OptionPattern().Matches(github), option => Assert.Contains(option.Value, help, StringComparison.Ordinal));
        Assert.Contains($"Default: {History}", help, StringComparison.Ordinal);
    }

    private static YamlMappingNode Read(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Path.Combine(ChaosProcess.Root, file));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static YamlNode? Find(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private static YamlMappingNode Map(YamlMappingNode map, string key) => Assert.IsType<YamlMappingNode>(Find(map, key));

    private static YamlSequenceNode List(YamlMappingNode map, string key) => Assert.IsType<YamlSequenceNode>(Find(map, key));

    private static string Text(YamlMappingNode map, string key) => Assert.IsType<YamlScalarNode>(Find(map, key)).Value!;

    private static string Uses(YamlMappingNode step) => Find(step, "uses") is YamlScalarNode uses ? uses.Value! : "";

    [GeneratedRegex(@"\$\{\{(.*?)\}\}")]
    private static partial Regex ExpressionPattern();

    [GeneratedRegex(@"--[a-z-]+")]
    private static partial Regex OptionPattern();
}
