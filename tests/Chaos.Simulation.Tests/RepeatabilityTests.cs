using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Simulation.Tests;

/// <summary>A journal depends on the experiment, the number of clients and the seed, and on nothing else.</summary>
public sealed class RepeatabilityTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_journal_byte_for_byte()
    {
        // More clients than fit into one line, so that lines are cut in the same places too.
        var first = await Simulated.RunAsync(Storm.Experiment(Wide.Gateway), Storm.Clients(20_000));
        var second = await Simulated.RunAsync(Storm.Experiment(Wide.Gateway), Storm.Clients(20_000));
        Assert.True(first.Bytes.AsSpan().SequenceEqual(second.Bytes));
        Assert.True(first.Journal.Events.OfType<FleetAttempts>().Count() > 10);
    }

    [Fact]
    public async Task Another_seed_gives_other_attempts()
    {
        var first = await Simulated.RunAsync(Storm.Experiment(), Storm.Clients(50), seed: 1);
        var second = await Simulated.RunAsync(Storm.Experiment(), Storm.Clients(50), seed: 2);
        Assert.NotEqual(Delays(first), Delays(second));
    }

    [Fact]
    public async Task A_client_does_the_same_whatever_the_number_of_others()
    {
        var few = Rows.Of(await Simulated.RunAsync(Storm.Experiment(Wide.Gateway), Storm.Clients(10)));
        var many = Rows.Of(await Simulated.RunAsync(Storm.Experiment(Wide.Gateway), Storm.Clients(5_000)));
        foreach (var client in Enumerable.Range(1, 10))
            Assert.Equal(few[client].Select(a => (a.Attempt, a.DelayMs)), many[client].Select(a => (a.Attempt, a.DelayMs)));
    }

    [Fact]
    public async Task An_interrupted_simulation_says_so_and_leaves_a_journal_that_can_be_read()
    {
        var simulated = await Simulated.RunAsync(Storm.Experiment(), Storm.Clients(100), interrupt: new CancellationToken(canceled: true));
        Assert.Equal(Journal.Verdicts.Outcome.Interrupted, simulated.Verdict.Outcome);
        Assert.Equal(EndReason.Interrupted, simulated.Journal.Events.OfType<ExperimentEnded>().Single().Reason);
    }

    private static IEnumerable<double> Delays(Simulated simulated) => Rows.Of(simulated).SelectMany(client => client.Value).Select(a => a.DelayMs);
}
