using Xunit;

namespace Chaos.Experiments.Tests.Files;

public sealed class OverrideTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public OverrideTests()
    {
        _folder.Write("x.yaml", Samples.Full);
        _folder.Write("y.yaml", Samples.Small);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_value_is_set_by_its_key()
    {
        var x = Assert.Single(_folder.Load("x.yaml", ("fleet.count", "100"), ("timeline.faults[0].for", "5s"), ("timeline.faults[slow-store].at", "1s"), ("tags", "[quick, a]")).Experiments);
        Assert.Equal((100, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)), (x.Fleet.Count, x.Timeline.Faults[0].For, x.Timeline.Faults[1].At));
        Assert.Equal(["quick", "a"], x.Tags);
    }

    [Fact]
    public void A_value_can_be_set_where_the_file_has_nothing()
    {
        var y = Assert.Single(_folder.Load("y.yaml", ("fleet.policy.base_ms", "100"), ("gateway.ping_interval_ms", "1000")).Experiments);
        Assert.Equal((100d, """{"ping_interval_ms":1000}"""), (y.Fleet.Policy.BaseMs, y.Gateway.ToJsonString()));
    }

    [Fact]
    public void It_reaches_the_experiments_that_have_the_entry_and_leaves_the_others()
    {
        var result = _folder.Load(["x.yaml", "y.yaml"], ("timeline.faults[refused].for", "5s"));
        Assert.Empty(result.Errors);
        Assert.Equal(TimeSpan.FromSeconds(5), result.Experiments[0].Timeline.Faults[0].For);
        Assert.Empty(result.Experiments[1].Timeline.Faults);
    }

    [Theory]
    [InlineData("fleet.cuont", "3", "--set fleet.cuont: unknown key 'cuont' in fleet. Did you mean 'count'?")]
    [InlineData("flet.count", "3", "--set flet.count: unknown key 'flet'. Did you mean 'fleet'?")]
    [InlineData("fleet.count", "many", "--set fleet.count: fleet.count must be a whole number, not text ('many'). Number of clients, 1 to 9,000.")]
    [InlineData("fleet.count", "", "--set fleet.count: fleet.count is empty. Number of clients, 1 to 9,000.")]
    [InlineData("fleet.link", "us.clients", "--set fleet.link: unknown link 'us.clients' in world one-region. Did you mean 'eu.clients'?")]
    [InlineData("timeline.faults[9].for", "3s", "--set timeline.faults[9].for: timeline.faults has no entry '9'. Entries: refused, slow-store; or a number from 0 to 1.")]
    [InlineData("timeline.faults[slow].for", "3s", "--set timeline.faults[slow].for: timeline.faults has no entry 'slow'. Entries: refused, slow-store; or a number from 0 to 1.")]
    [InlineData("id.x", "3", "--set id.x: id has no keys of its own. Set id itself.")]
    [InlineData("fleet[0]", "3", "--set fleet[0]: fleet is no list. Write the key with a dot.")]
    [InlineData("fleet..count", "3", "--set fleet..count: 'fleet..count' is no key. Write it as in fleet.count or timeline.faults[0].for.")]
    [InlineData("fleet.count", "[1", "--set fleet.count: '[1' is no value. Write a number, a text, or YAML on one line such as [a, b]; quote what is special to YAML.")]
    public void A_wrong_one_is_an_error_of_the_flag(string key, string value, string expected) =>
        Assert.Equal(expected, string.Join("\n", _folder.Load("x.yaml", (key, value)).Errors));

    [Fact]
    public void A_wrong_one_is_told_once_for_all_experiments() =>
        Assert.Equal("--set fleet.cuont: unknown key 'cuont' in fleet. Did you mean 'count'?", string.Join("\n", _folder.Load(["x.yaml", "y.yaml"], ("fleet.cuont", "3")).Errors));
}
