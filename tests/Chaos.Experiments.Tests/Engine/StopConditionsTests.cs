using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Journal;
using Chaos.Load.Fleets;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chaos.Experiments.Tests.Engine;

public sealed class StopConditionsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_condition_is_met_only_after_it_has_held_for_its_whole_time()
    {
        var stop = Watch("disconnected_share", above: 0.5, TimeSpan.FromSeconds(2));

        Assert.Null(stop.Observe(Figures(connected: 40)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(stop.Observe(Figures(connected: 40)));
        _time.Advance(TimeSpan.FromSeconds(1));
        var met = stop.Observe(Figures(connected: 40));

        Assert.NotNull(met);
        Assert.Equal(0.6, met.Observed, 3);
        Assert.Equal(0.5, met.Limit);
    }

    [Fact]
    public void A_moment_below_the_limit_starts_the_time_again()
    {
        var stop = Watch("disconnected_share", above: 0.5, TimeSpan.FromSeconds(2));

        stop.Observe(Figures(connected: 40));
        _time.Advance(TimeSpan.FromSeconds(1.9));
        stop.Observe(Figures(connected: 60));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Null(stop.Observe(Figures(connected: 40)));
    }

    [Fact]
    public void Publish_errors_are_counted_since_the_last_look()
    {
        var stop = Watch("publish_error_share", above: 0.5, TimeSpan.Zero);

        Assert.Null(stop.Observe(Figures(acked: 1000, errors: 0)));
        Assert.Null(stop.Observe(Figures(acked: 1010, errors: 5)));
        Assert.NotNull(stop.Observe(Figures(acked: 1011, errors: 15)));
    }

    private StopConditions Watch(string figure, double above, TimeSpan time) =>
        new([new StopConditionDefinition("limit", figure, above, time)], new Clock(_time));

    private static FleetSnapshot Figures(int connected = 100, long acked = 0, long errors = 0) =>
        new(100, connected, 0, 100, 0, acked, errors, 1, 2);
}
