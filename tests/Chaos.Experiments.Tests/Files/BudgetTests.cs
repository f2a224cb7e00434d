using Xunit;

namespace Chaos.Experiments.Tests.Files;

public sealed class BudgetTests : IDisposable
{
    private const string Budgets = """
        budgets:
          - { name: normal, title: Nothing is wrong., p95_ms: 150 }
          - { name: cut, title: Connections are cut., reconnect_p95_ms: 2500 }
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_budget_sets_the_options_of_a_check()
    {
        _folder.Write("budgets.yaml", Budgets);
        _folder.Write("below/x.yaml", With("check: latency\n    budget: normal"));
        var expectation = Assert.Single(Assert.Single(_folder.Load("below/x.yaml").Experiments).Expectations);
        Assert.Equal(("normal", """{"p95_ms":150}"""), (expectation.Budget, expectation.Options.ToJsonString()));
    }

    [Fact]
    public void A_file_of_ones_own_takes_the_place_of_the_nearest()
    {
        _folder.Write("budgets.yaml", Budgets);
        _folder.Write("ours/promises.yaml", Budgets.Replace("150", "40", StringComparison.Ordinal));
        _folder.Write("x.yaml", With("check: latency\n    budget: normal"));
        var result = _folder.LoadWithBudgets("ours/promises.yaml");
        Assert.Equal("""{"p95_ms":40}""", Assert.Single(Assert.Single(result.Experiments).Expectations).Options.ToJsonString());
        Assert.Equal("nowhere.yaml: there is no such file of budgets. Check the path after --budgets.", Assert.Single(_folder.LoadWithBudgets("nowhere.yaml").Errors).ToString());
    }

    public static TheoryData<string, string, string> Slips => new()
    {
        { "check: latency\n    budget: normla", Budgets, "x.yaml:12:13: budget 'normla' is missing in budgets.yaml. Did you mean 'normal'?" },
        { "check: latency\n    budget: cut", Budgets, "x.yaml:12:13: budget 'cut' in budgets.yaml bounds nothing that latency judges. Give it one of p95_ms." },
        { "check: latency\n    budget: normal\n    p95_ms: 3", Budgets, "x.yaml:13:13: p95_ms stands beside a budget. The budget 'normal' sets it; remove one of the two." },
        { "check: connected\n    budget: normal", Budgets, "x.yaml:12:13: the check connected takes no budget. Checks that do: latency." },
        { "check: latency\n    budget: normal", "", "x.yaml:12:13: budget 'normal' is missing: there is no file of budgets. Write budgets.yaml beside or above the experiment, or name one with --budgets FILE." },
        { "check: latency\n    budget: normal", Budgets.Replace("p95_ms: 150", "p95_ms: 150, p99_ms: 100", StringComparison.Ordinal), "budgets.yaml:2:68: p99_ms is below p95_ms: 100 is below 150. A higher percentile cannot be smaller." },
        { "check: latency\n    budget: normal", Budgets.Replace("name: cut", "name: normal", StringComparison.Ordinal), "budgets.yaml:3:13: duplicate budget 'normal'. Line 2 has it already; give this one a name of its own." },
        { "check: latency\n    budget: normal", Budgets.Replace("p95_ms: 150", "p95: 150", StringComparison.Ordinal), "budgets.yaml:2:47: unknown key 'p95' in budgets[0]. Did you mean 'p95_ms'?" },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void A_slip_is_told_where_it_is(string check, string budgets, string expected)
    {
        if (budgets.Length > 0) _folder.Write("budgets.yaml", budgets);
        _folder.Write("x.yaml", With(check));
        var result = _folder.Load();
        Assert.Equal(expected, string.Join("\n", result.Errors));
        Assert.Empty(result.Experiments);
    }

    [Fact]
    public void Lines_of_the_checklist_may_be_several()
    {
        _folder.Write("x.yaml", Samples.Small.Replace("checklist: Heartbeat", "checklist: [ Heartbeat, \"Retries, too\" ]", StringComparison.Ordinal));
        Assert.Equal(["Heartbeat", "Retries, too"], Assert.Single(_folder.Load().Experiments).Checklist);
        _folder.Write("x.yaml", Samples.Small.Replace("checklist: Heartbeat", "checklist: []", StringComparison.Ordinal));
        Assert.Single(_folder.Load().Errors);
    }

    [Fact]
    public void Every_experiment_of_the_checklist_refers_to_a_budget()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root(), "experiments", "checklist"), "*.yaml");
        Assert.NotEmpty(files);
        Assert.Empty(files.Where(f => !File.ReadAllText(f).Contains(" budget: ", StringComparison.Ordinal)).Select(Path.GetFileName));
    }

    private static string With(string check) => Samples.Small.Replace("check: connected", check, StringComparison.Ordinal);
}
