using System.Text.Json.Nodes;
using Chaos.Experiments.Checks;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class CheckCatalogueTests
{
    public static TheoryData<string> Names => [.. CheckCatalogue.All.Select(c => c.Name)];

    [Fact]
    public void Names_are_unique() => Assert.Equal(CheckCatalogue.All.Count, CheckCatalogue.All.Select(c => c.Name).Distinct().Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_option_is_described_and_every_optional_number_has_a_default_or_a_budgets_name(string name)
    {
        var check = CheckCatalogue.Find(name)!;
        Assert.NotEmpty(check.Summary);
        Assert.False(check.OptionsSchema["additionalProperties"]!.GetValue<bool>());
        foreach (var (option, schema) in check.OptionsSchema["properties"]!.AsObject())
            Assert.False(string.IsNullOrWhiteSpace(schema!["description"]!.GetValue<string>()), option);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_check_is_met_by_an_empty_journal(string name)
    {
        var builder = new JournalBuilder().Phased(recovery: 9_000).Fault("hole", "blackhole", 4_000, 8_000);
        builder.Definition = builder.Definition with
        {
            Scripts = [new Definitions.ScriptDefinition("s", JournalBuilder.Link, [new(null, "x", null, null)], new Dictionary<string, Load.Scripts.ScriptToken>())],
        };
        var options = new JsonObject();
        var required = CheckCatalogue.Find(name)!.OptionsSchema["required"]?.AsArray().Select(r => r!.GetValue<string>()).ToList() ?? [];
        foreach (var (option, schema) in CheckCatalogue.Find(name)!.OptionsSchema["properties"]!.AsObject())
        {
            if (required.Contains(option)) options[option] = schema!["enum"]?[0]?.DeepClone() ?? 1000;
            if (option is "p95_ms" or "p99_ms" or "within_ms") options[option] = 1000;
        }

        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge(name, options, "hole").Outcome);
    }
}
