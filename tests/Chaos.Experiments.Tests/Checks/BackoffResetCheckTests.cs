using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class BackoffResetCheckTests
{
    private const double LifeMs = 50;

    /// <summary>The window is 6 s and the base delay 500 ms: 12 connects are allowed.</summary>
    [Theory]
    [InlineData(1_500, ExpectationOutcome.Met)]
    [InlineData(520, ExpectationOutcome.Met)]
    [InlineData(400, ExpectationOutcome.Broken)]
    [InlineData(60, ExpectationOutcome.Broken)]
    public void Connects_are_counted_against_one_in_a_base_delay(double everyMs, ExpectationOutcome outcome) =>
        Assert.Equal(outcome, Fleet(60, everyMs).Judge("backoff_reset", during: "short").Outcome);

    [Fact]
    public void Refused_handshakes_are_no_connects() =>
        Assert.Equal(ExpectationOutcome.Inconclusive, Fleet(60, 60, status: 503).Judge("backoff_reset", during: "short").Outcome);

    [Fact]
    public void Too_few_clients_say_nothing() =>
        Assert.Equal(ExpectationOutcome.Inconclusive, Fleet(49, 60).Judge("backoff_reset", during: "short").Outcome);

    [Fact]
    public void A_window_of_two_base_delays_says_nothing() =>
        Assert.Equal(ExpectationOutcome.Inconclusive, Fleet(60, 60, lastsMs: 1_000).Judge("backoff_reset", during: "short").Outcome);

    private static JournalBuilder Fleet(int clients, double everyMs, double lastsMs = 6_000, int status = 101)
    {
        var journal = new JournalBuilder().Phased().Fault("short", "close_after", 3_000, 3_000 + lastsMs);
        for (var i = 0; i < clients; i++)
        {
            for (var at = 3_010.0; at < 2_900 + lastsMs; at += everyMs)
            {
                var conn = journal.Open($"c-{i:0000}", at, status);
                if (status == 101) journal.Close($"c-{i:0000}", conn, at + LifeMs, by: "fault", fault: "short");
            }
        }

        return journal;
    }
}
