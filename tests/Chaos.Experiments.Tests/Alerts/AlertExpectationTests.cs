using Chaos.Experiments.Checks;
using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Files;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>Experiments that judge alerts carry them.</summary>
public sealed class AlertExpectationTests
{
    [Fact]
    public void An_experiment_that_judges_alerts_carries_them_and_their_owners()
    {
        using var folder = new AlertFolder();
        var experiment = Assert.Single(Load(folder, "check: alert\n    alert: success\n    clock: 2026-03-30T08:58+02:00\n    to: bea").Experiments);
        Assert.Equal(["success", "blind", "down"], experiment.Alerts!.Alerts.Alerts.Select(a => a.Name));
        Assert.Equal("gateway", Assert.Single(experiment.Alerts.OnCall.Teams).Name);
        Assert.Null(Assert.Single(Load(folder, "check: connected").Experiments).Alerts);
    }

    [Theory]
    [InlineData("alert: sucess", "x.yaml:12:12: unknown alert 'sucess'. Did you mean 'success'?")]
    [InlineData("alert: success\n    to: beo", "x.yaml:13:9: unknown person 'beo'. Did you mean 'bea'?")]
    [InlineData("alert: success\n    clock: Monday", "x.yaml:13:12: 'Monday' is no moment. Write it with its distance from UTC, such as 2026-03-30T08:58+02:00.")]
    public void A_slip_is_told_where_it_is(string options, string expected)
    {
        using var folder = new AlertFolder();
        Assert.Equal(expected, Assert.Single(Load(folder, $"check: alert\n    {options}").Errors).ToString());
    }

    [Fact]
    public void Without_a_file_of_alerts_it_is_told_so()
    {
        using var folder = new AlertFolder(alerts: null);
        Assert.Equal("x.yaml:11:12: there is no file of alerts. Write alerts.yaml beside or above the experiment.", Assert.Single(Load(folder, "check: pages_nobody").Errors).ToString());
    }

    private static LoadResult Load(AlertFolder folder, string check)
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "worlds"));
        folder.Write("worlds/one-region.yaml", TestFolder.World);
        folder.Write("x.yaml", Samples.Small.Replace("check: connected", check, StringComparison.Ordinal));
        return ExperimentFiles.Load(["x.yaml"], TestCatalogue.Instance with { Checks = CheckCatalogue.All }, options: new LoadOptions { WorkingFolder = folder.Path });
    }
}
