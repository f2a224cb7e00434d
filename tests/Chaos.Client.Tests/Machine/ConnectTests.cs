using System.Text.Json.Nodes;
using Chaos.Client.Machine;
using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class ConnectTests
{
    [Fact]
    public void The_first_attempt_comes_at_once()
    {
        var rig = new Rig();
        rig.Do(m => m.Start(rig.Now));
        Assert.Equal((0, 0d, TimeSpan.Zero), Assert.Single(rig.Attempts));
        Assert.Equal(["token connect", "attempt 0"], rig.Seen);
    }

    [Fact]
    public void Subscribes_travel_behind_connect_in_one_frame()
    {
        var rig = new Rig();
        rig.Do(m => m.Subscribe("acme:a"));
        rig.Do(m => m.Subscribe("acme:b"));
        rig.Connect();
        Assert.Equal(["connect", "subscribe", "subscribe"], rig.Sent.Select(c => c.Last().Key));
        Assert.Equal([1, 2, 3], rig.Sent.Select(c => (int)c["id"]!));
        Assert.Equal([3], rig.CommandsInFrames);
        Assert.Equal("token-1", (string?)rig.Last("connect")["token"]);
        Assert.Equal("c-0001", (string?)rig.Last("connect")["name"]);
    }

    [Fact]
    public void A_hundred_long_channels_are_cut_into_frames_below_any_limit()
    {
        var rig = new Rig();
        for (var i = 0; i < 100; i++)
            rig.Do(m => m.Subscribe($"acme:{new string('x', 300)}-{i}"));
        rig.Connect();
        Assert.Equal(100, rig.SentOf("subscribe").Count());
        Assert.InRange(rig.CommandsInFrames.Count, 2, 4);
        Assert.Equal(Enumerable.Range(1, 101), rig.Sent.Select(c => (int)c["id"]!));
    }

    [Fact]
    public void A_token_is_used_again_for_every_attempt()
    {
        var rig = new Rig();
        rig.Connect();
        rig.End();
        rig.Connect();
        Assert.All(rig.SentOf("connect"), c => Assert.Equal("token-1", (string?)c["connect"]!["token"]));
    }

    [Fact]
    public void An_expired_token_is_replaced_before_the_next_attempt()
    {
        var rig = new Rig();
        rig.Do(m => m.Start(rig.Now));
        rig.Open();
        rig.Fail(1, 109);
        Assert.Contains("disconnected close 109", rig.Seen);
        rig.Connect();
        Assert.Equal("token-2", (string?)rig.Last("connect")["token"]);
    }

    [Fact]
    public void Close_3005_drops_the_token_too()
    {
        var rig = new Rig();
        rig.Connect();
        rig.End("close", 3005, "expired");
        rig.Connect();
        Assert.Equal("token-2", (string?)rig.Last("connect")["token"]);
    }

    [Fact]
    public void A_token_known_to_have_run_out_is_not_tried()
    {
        var rig = new Rig { TokensAtOnce = false };
        rig.Do(m => m.Start(rig.Now));
        rig.AnswerTokens();
        rig.Open();
        rig.Accept(ttl: 0.001);
        rig.Pass(1);
        rig.End();
        rig.PassUntil(() => rig.Machine.State == ClientState.FetchingToken);
        Assert.Equal(1, rig.Dialed);
        rig.AnswerTokens();
        Assert.Equal(2, rig.Dialed);
    }

    [Fact]
    public void A_token_that_cannot_be_had_counts_as_an_attempt_and_is_tried_again()
    {
        var rig = new Rig { TokensAtOnce = false };
        rig.Do(m => m.Start(rig.Now));
        Assert.True(rig.FailToken());
        Assert.Equal(ClientState.Waiting, rig.Machine.State);
        rig.TokensAtOnce = true;
        rig.UntilDial();
        Assert.Equal(1, rig.Attempts[0].Attempt);
    }

    [Fact]
    public void A_token_source_that_never_answers_holds_an_attempt_up_only_for_the_connect_timeout()
    {
        var rig = new Rig { TokensAtOnce = false };
        rig.Do(m => m.Start(rig.Now));
        rig.Pass(4_999);
        Assert.Equal(ClientState.FetchingToken, rig.Machine.State);
        rig.Pass(1);
        Assert.Equal(ClientState.Waiting, rig.Machine.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_connect_reply_in_time_is_a_timeout(bool opens)
    {
        var rig = new Rig();
        rig.Do(m => m.Start(rig.Now));
        if (opens)
            rig.Open();
        rig.Pass(4_999);
        Assert.Empty(rig.Aborts);
        rig.Pass(1);
        Assert.Equal([1], rig.Aborts);
        Assert.Contains("disconnected timeout ", rig.Seen);
    }

    [Fact]
    public void Handshake_statuses_are_told_and_tried_again()
    {
        var rig = new Rig();
        rig.Do(m => m.Start(rig.Now));
        rig.End("handshake", 503);
        Assert.Contains("disconnected handshake 503", rig.Seen);
        rig.UntilDial();
        Assert.Equal(2, rig.Dialed);
    }

    [Fact]
    public void The_resume_token_of_the_latest_reply_is_offered_with_the_application_data()
    {
        var rig = new Rig(data: new JsonObject { ["app"] = "x" });
        rig.Connect(data: """{"resume":"r1"}""");
        Assert.Equal("""{"app":"x"}""", rig.Last("connect")["data"]!.ToJsonString());
        rig.End();
        rig.Connect(data: """{"resume":"r2","resumed":true}""");
        Assert.Equal("""{"app":"x","resume":"r1"}""", rig.Last("connect")["data"]!.ToJsonString());
        rig.End();
        rig.Connect(data: """{"resumed":false}""");
        Assert.Equal("""{"app":"x","resume":"r2"}""", rig.Last("connect")["data"]!.ToJsonString());
        Assert.Equal(["connected s1 False n1", "connected s2 True n1", "connected s3 False n1"], rig.Seen.Where(s => s.StartsWith("connected", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_unreadable_message_ends_the_connection_and_is_told()
    {
        var rig = new Rig();
        rig.Connect();
        rig.Receive("{\"id\":");
        Assert.Contains(rig.Seen, s => s.StartsWith("error  unreadable", StringComparison.Ordinal));
        Assert.Equal([(1, 1002)], rig.Closes);
        rig.UntilDial();
    }

    [Fact]
    public void What_arrives_on_an_earlier_connection_is_ignored()
    {
        var rig = new Rig();
        rig.Connect();
        rig.End();
        rig.UntilDial();
        var before = rig.Seen.Count;
        rig.Do(m => m.Received(1, "{}"u8.ToArray(), rig.Now));
        rig.Do(m => m.Opened(1, rig.Now));
        rig.End(1, "close", 3500);
        Assert.Equal(before, rig.Seen.Count);
        Assert.Equal(ClientState.Dialing, rig.Machine.State);
    }

    [Fact]
    public void Stop_closes_and_waits_for_the_handshake_no_longer_than_declared()
    {
        var rig = new Rig();
        rig.Connect();
        rig.Do(m => m.Stop(rig.Now));
        Assert.Equal("disconnected local  terminal", rig.Seen[^1]);
        Assert.Equal([(1, 1000)], rig.Closes);
        Assert.False(rig.Machine.Finished);
        rig.Pass(1_000);
        Assert.Equal([1], rig.Aborts);
        Assert.True(rig.Machine.Finished);
        Assert.Equal(TimeSpan.MaxValue, rig.Machine.NextDue);
    }
}
