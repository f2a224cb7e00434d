using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

/// <summary>What is judged of a gateway of which nothing is known but that it speaks WebSocket.</summary>
public sealed class GatewayChecksTests
{
    private const int Clients = 20;

    [Fact]
    public void Pings_that_are_answered_in_time_meet_answers_pings()
    {
        var result = Pinged(answeredAfter: 40).Judge("answers_pings", during: "baseline");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Equal("all 40 pings were answered, the slowest after 40 ms, limit 1000 ms", result.Sentence);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1_001.0)]
    public void A_single_ping_that_is_answered_late_or_never_breaks_it(double? answeredAfter)
    {
        var builder = Pinged(answeredAfter: 40);
        var conn = builder.Open("c-0099", 0);
        Control(builder, conn, 500, "upstream", "ping");
        if (answeredAfter is { } after) Control(builder, conn, 500 + after, "downstream", "pong");
        var result = builder.Judge("answers_pings", during: "baseline");
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.StartsWith("1 of 41 pings were not answered within 1000 ms", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_to_a_later_ping_counts_for_the_one_before()
    {
        var builder = Pinged(answeredAfter: 40);
        var conn = builder.Open("c-0099", 0);
        Control(builder, conn, 500, "upstream", "ping");
        Control(builder, conn, 900, "upstream", "ping");
        Control(builder, conn, 950, "downstream", "pong");
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("answers_pings", during: "baseline").Outcome);
    }

    [Fact]
    public void Pings_that_a_fault_may_hold_back_or_that_nobody_lives_to_see_answered_do_not_count()
    {
        var builder = Pinged(answeredAfter: 40).Fault("silence", "blackhole", 4_000, 8_000);
        var conn = builder.Open("c-0099", 0);
        Control(builder, conn, 3_500, "upstream", "ping");
        Control(builder, conn, 5_000, "upstream", "ping");
        Control(builder, conn, 8_500, "upstream", "ping");
        builder.Close("c-0099", conn, 9_000);
        Assert.Equal("all 40 pings were answered, the slowest after 40 ms, limit 1000 ms", builder.Judge("answers_pings").Sentence);
    }

    [Fact]
    public void Clients_that_do_not_ping_show_nothing_of_a_gateway() =>
        Assert.Equal(ExpectationOutcome.Inconclusive, new JournalBuilder().Phased().Judge("answers_pings").Outcome);

    [Theory]
    [InlineData(Clients, ExpectationOutcome.Met)]
    [InlineData(Clients - 1, ExpectationOutcome.Broken)]
    [InlineData(0, ExpectationOutcome.Broken)]
    public void Close_frames_are_answered(int answered, ExpectationOutcome expected)
    {
        var builder = new JournalBuilder().Phased().Fault("goodbye", "ws_close", 4_000, 6_000);
        for (var i = 0; i < Clients; i++) Goodbye(builder, i, 4_000, i < answered ? 100 : null);
        var result = builder.Judge("answers_close", during: "goodbye");
        Assert.True(result.Outcome == expected, result.Sentence);
    }

    [Fact]
    public void Close_frames_that_were_sent_just_before_the_fault_ended_do_not_count()
    {
        var builder = new JournalBuilder().Phased().Fault("goodbye", "ws_close", 4_000, 6_000);
        for (var i = 0; i < Clients; i++) Goodbye(builder, i, 4_000, 100);
        Goodbye(builder, Clients, 5_500, null);
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("answers_close", during: "goodbye").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("answers_close", new { min_closes = Clients + 1 }, "goodbye").Outcome);
    }

    [Fact]
    public void A_gateway_that_pings_and_ends_what_does_not_answer_meets_ends_dead_connections()
    {
        var result = Silenced(pingEvery: 500, endsAfter: 1_000).Judge("ends_dead_connections", during: "silence");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Equal("the gateway, which pings every 0.5 s, ended all 20 silent connections within 1000 ms, limit 2500 ms", result.Sentence);
    }

    [Fact]
    public void A_close_frame_is_an_end_too() =>
        Assert.Equal(ExpectationOutcome.Met, Silenced(pingEvery: 500, endsAfter: 1_000, byCloseFrame: true).Judge("ends_dead_connections", during: "silence").Outcome);

    [Theory]
    [InlineData(null)]
    [InlineData(2_600.0)]
    public void One_that_pings_and_keeps_what_does_not_answer_breaks_it(double? endsAfter)
    {
        var result = Silenced(pingEvery: 500, endsAfter).Judge("ends_dead_connections", during: "silence");
        Assert.True(result.Outcome == ExpectationOutcome.Broken, result.Sentence);
        Assert.StartsWith("the gateway pings every 0.5 s, but 20 of 20 connections that answered no more were still open after 2500 ms", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_never_pings_is_not_judged_unless_it_ends_them_all_the_same()
    {
        var kept = Silenced(pingEvery: null, endsAfter: null).Judge("ends_dead_connections", during: "silence");
        Assert.Equal(ExpectationOutcome.Inconclusive, kept.Outcome);
        Assert.StartsWith("no connection got two pings of the gateway before silence, so how soon it would notice cannot be told; it held 20 of 20", kept.Sentence, StringComparison.Ordinal);
        Assert.Equal(ExpectationOutcome.Met, Silenced(pingEvery: null, endsAfter: 3_000).Judge("ends_dead_connections", during: "silence").Outcome);
    }

    [Fact]
    public void A_silence_shorter_than_its_patience_shows_nothing()
    {
        var result = Silenced(pingEvery: 1_200, endsAfter: null).Judge("ends_dead_connections", during: "silence");
        Assert.Equal(ExpectationOutcome.Inconclusive, result.Outcome);
        Assert.Equal("the gateway pings every 1.2 s and may take 4.6 s, but silence lasted 4 s: lengthen it", result.Sentence);
    }

    [Fact]
    public void What_the_fault_itself_cuts_at_its_end_was_held_until_then() =>
        Assert.Equal(ExpectationOutcome.Broken, Silenced(pingEvery: 500, endsAfter: null, cutAtEnd: true).Judge("ends_dead_connections", during: "silence").Outcome);

    private static JournalBuilder Pinged(double answeredAfter)
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i < Clients; i++)
        {
            var conn = builder.Open($"c-{i + 1:0000}", -500);
            foreach (var at in new[] { 300.0, 1_300 })
            {
                Control(builder, conn, at, "upstream", "ping");
                Control(builder, conn, at + answeredAfter, "downstream", "pong");
            }
        }

        return builder;
    }

    private static void Goodbye(JournalBuilder builder, int client, double at, double? answeredAfter)
    {
        var conn = builder.Open($"c-{client + 1:0000}", 0);
        builder.Add(at, new LedgerInjected(JournalBuilder.Link, "goodbye", conn, "upstream", 0, "closed", 0, 0, 4));
        if (answeredAfter is { } after) Control(builder, conn, at + after, "downstream", "close");
    }

    /// <summary>A black hole from 4 to 8 s.</summary>
    private static JournalBuilder Silenced(double? pingEvery, double? endsAfter, bool byCloseFrame = false, bool cutAtEnd = false)
    {
        var builder = new JournalBuilder().Phased().Fault("silence", "blackhole", 4_000, 8_000, stream: "upstream");
        for (var i = 0; i < Clients; i++)
        {
            var client = $"c-{i + 1:0000}";
            var conn = builder.Open(client, 0);
            for (var at = 100.0; pingEvery is { } every && at < 4_000; at += every) Control(builder, conn, at, "downstream", "ping");
            builder.Add(4_100, new LedgerInjected(JournalBuilder.Link, "silence", conn, "upstream", 3, "swallowed", 0, 0, 6));
            if (endsAfter is { } after && byCloseFrame) Control(builder, conn, 4_000 + after, "downstream", "close");
            else if (endsAfter is { } end) builder.Close(client, conn, 4_000 + end, by: "upstream");
            if (cutAtEnd) builder.Close(client, conn, 8_000, by: "fault", fault: "silence");
        }

        return builder;
    }

    private static void Control(JournalBuilder builder, long conn, double at, string stream, string frame) =>
        builder.Add(at, new LedgerControl(JournalBuilder.Link, conn, stream, frame));
}
