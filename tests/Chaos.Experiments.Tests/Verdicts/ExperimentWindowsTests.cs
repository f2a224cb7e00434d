using Chaos.Experiments.Checks;
using Chaos.Experiments.Tests.Checks;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Verdicts;

public sealed class ExperimentWindowsTests
{
    [Fact]
    public void A_phase_lasts_until_the_next()
    {
        var windows = ExperimentWindows.Of(new JournalBuilder().Phased().Events);
        Assert.Equal(Between(0, 3_000), windows.Baseline);
        Assert.Equal(Between(3_000, 10_000), windows.Find("faults"));
        Assert.Equal(Between(10_000, 13_000), windows.Recovery);
    }

    [Fact]
    public void The_run_lasts_from_the_baseline_to_the_teardown() => Assert.Equal(Between(0, 15_000), ExperimentWindows.Of(new JournalBuilder().Phased().Events).Find("run"));

    [Fact]
    public void A_repeating_fault_lasts_from_its_first_on_to_its_last_off()
    {
        var builder = new JournalBuilder().Phased().Fault("cut", "reset_peer", 4_000, 4_100).Fault("cut", "reset_peer", 5_000, 5_100);
        Assert.Equal(Between(4_000, 5_100), ExperimentWindows.Of(builder.Events).Find("cut"));
    }

    [Fact]
    public void What_the_run_did_not_come_to_has_no_window()
    {
        var windows = ExperimentWindows.Of(new JournalBuilder().Add(0, new PhaseEntered(Phases.World)).Events);
        Assert.Null(windows.Find("run"));
        Assert.Null(windows.Find("recovery"));
        Assert.Null(windows.Find("cut"));
    }

    private static Window? Between(double from, double to) => new Window(JournalBuilder.Us(from), JournalBuilder.Us(to));
}
