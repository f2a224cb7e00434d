using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class SubscriptionTests
{
    [Fact]
    public void Recovery_asks_from_the_last_offset_and_delivers_what_was_missed()
    {
        var rig = Subscribed(5);
        rig.Live(6);
        rig.Live(7);
        rig.End();
        rig.Connect();
        var subscribe = rig.Last("subscribe");
        Assert.Equal((true, 7, "e1"), ((bool)subscribe["recover"]!, (int)subscribe["offset"]!, (string?)subscribe["epoch"]));
        rig.Recovered(8, 10);
        rig.Live(11);
        Assert.Equal([6, 7, 8, 9, 10, 11], Offsets(rig));
        Assert.Contains("subscribed acme:news True True e1 10", rig.Seen);
    }

    [Fact]
    public void A_replay_advances_the_position_also_when_nothing_live_follows()
    {
        var rig = Subscribed(5);
        rig.End();
        rig.Connect();
        rig.Recovered(6, 9);
        rig.End();
        rig.Connect();
        Assert.Equal(9, (int)rig.Last("subscribe")["offset"]!);
    }

    [Fact]
    public void A_connection_cut_before_the_replay_asks_from_the_same_place()
    {
        var rig = Subscribed(5);
        rig.End();
        rig.Connect();
        rig.End();
        rig.Connect();
        Assert.Equal(5, (int)rig.Last("subscribe")["offset"]!);
    }

    [Fact]
    public void Offsets_at_or_below_the_known_one_are_dropped()
    {
        var rig = Subscribed(5);
        rig.Live(5);
        rig.Live(6);
        rig.Live(6);
        rig.Live(3);
        rig.End();
        rig.Connect();
        rig.Recovered(5, 7);
        Assert.Equal([6, 7], Offsets(rig));
    }

    [Fact]
    public void A_live_publication_that_skips_an_offset_starts_recovery()
    {
        var rig = Subscribed(5);
        rig.Live(6);
        rig.Live(8);
        rig.Live(9);
        Assert.Equal(["unsubscribe", "subscribe"], rig.Sent[^2..].Select(c => c.Last().Key));
        Assert.Equal(6, (int)rig.Last("subscribe")["offset"]!);
        Assert.Contains("error  gap in acme:news: offset 8 after 6", rig.Seen);
        rig.Recovered(7, 9);
        rig.Live(10);
        Assert.Equal([6, 7, 8, 9, 10], Offsets(rig));
    }

    [Fact]
    public void A_recovery_that_failed_is_told_and_the_client_goes_on_from_the_new_position()
    {
        var rig = Subscribed(5);
        rig.End();
        rig.Connect();
        rig.Subscribed(3, "e2", ",\"was_recovering\":true,\"recovered\":false");
        Assert.Equal("subscribed acme:news True False e2 3", rig.Seen[^1]);
        rig.Live(4);
        Assert.Equal([4], Offsets(rig));
        rig.End();
        rig.Connect();
        Assert.Equal(("e2", 4), ((string?)rig.Last("subscribe")["epoch"], (int)rig.Last("subscribe")["offset"]!));
    }

    [Fact]
    public void A_hole_in_a_recovery_that_promised_everything_is_told()
    {
        var rig = Subscribed(5);
        rig.End();
        rig.Connect();
        rig.Recovered(8, 9);
        Assert.Contains("error  recovery of acme:news promised everything but lacks offsets 6 to 7", rig.Seen);
        rig.End();
        rig.Connect();
        rig.Subscribed(11, extra: ",\"recovered\":true");
        Assert.Contains("error  recovery of acme:news promised everything but lacks offsets 10 to 11", rig.Seen);
        rig.Live(12);
        Assert.Equal([8, 9, 12], Offsets(rig));
    }

    [Fact]
    public void An_unrecoverable_position_is_given_up_and_told()
    {
        var rig = Subscribed(5);
        rig.End();
        rig.Connect();
        rig.Fail(rig.LastId("subscribe"), 112);
        Assert.False(rig.Last("subscribe").ContainsKey("recover"));
        rig.Subscribed(9);
        Assert.Equal("subscribed acme:news True False e1 9", rig.Seen[^1]);
    }

    [Fact]
    public void Channels_without_positions_deliver_everything()
    {
        var rig = new Rig();
        rig.Do(m => m.Subscribe(Rig.Channel));
        rig.Connect();
        rig.Receive("""{"id":2,"subscribe":{}}""");
        for (var i = 0; i < 2; i++)
            rig.Receive("""{"push":{"channel":"acme:news","pub":{"data":{"n":0}}}}""");
        Assert.Equal([0, 0], Offsets(rig));
        rig.End();
        rig.Connect();
        Assert.False(rig.Last("subscribe").ContainsKey("recover"));
    }

    [Theory]
    [InlineData(2000, false)]
    [InlineData(2499, false)]
    [InlineData(2500, true)]
    [InlineData(2501, true)]
    public void Unsubscribe_codes_decide_whether_to_subscribe_again(int code, bool again)
    {
        var rig = Subscribed(5);
        rig.Live(6);
        rig.Receive($$$$"""{"push":{"channel":"acme:news","unsubscribe":{"code":{{{{code}}}},"reason":"because"}}}""");
        Assert.Contains($"unsubscribed acme:news {code}", rig.Seen);
        Assert.Equal(again ? 2 : 1, rig.SentOf("subscribe").Count());
        if (again)
            Assert.Equal(6, (int)rig.Last("subscribe")["offset"]!);
        rig.End();
        rig.Connect();
        Assert.Equal(again ? 3 : 1, rig.SentOf("subscribe").Count());
    }

    [Fact]
    public void A_refused_subscribe_is_final_until_asked_for_again()
    {
        var rig = new Rig();
        rig.Do(m => m.Subscribe(Rig.Channel));
        rig.Connect();
        rig.Fail(2, 103);
        Assert.Equal("unsubscribed acme:news 103", rig.Seen[^1]);
        rig.Pass(600_000);
        rig.End();
        rig.Connect();
        Assert.Single(rig.SentOf("subscribe"));
        rig.Do(m => m.Subscribe(Rig.Channel));
        Assert.Equal(2, rig.SentOf("subscribe").Count());
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(111, false)]
    [InlineData(150, true)]
    public void A_temporary_error_is_tried_again_after_a_jittered_delay(int code, bool flag)
    {
        var rig = new Rig();
        rig.Do(m => m.Subscribe(Rig.Channel));
        rig.Connect();
        rig.Fail(2, code, flag);
        Assert.Single(rig.SentOf("subscribe"));
        rig.Pass(500);
        Assert.Equal(2, rig.SentOf("subscribe").Count());
    }

    [Fact]
    public void Subscription_tokens_are_sent_reused_refreshed_and_replaced()
    {
        var fetched = 0;
        var rig = new Rig { SubscribeToken = channel => $"{channel}#{++fetched}" };
        rig.Do(m => m.Subscribe(Rig.Channel));
        rig.Connect();
        Assert.Equal("acme:news#1", (string?)rig.Last("subscribe")["token"]);
        rig.End();
        rig.Connect();
        Assert.Equal("acme:news#1", (string?)rig.Last("subscribe")["token"]);
        rig.Subscribed(0, extra: ",\"expires\":true,\"ttl\":60");
        rig.Pass(46_000);
        Assert.Equal("""{"channel":"acme:news","token":"acme:news#2"}""", rig.Last("sub_refresh").ToJsonString());
        rig.Receive($$$"""{"id":{{{rig.LastId("sub_refresh")}}},"sub_refresh":{"expires":true,"ttl":60}}""");
        rig.Pass(46_000);
        Assert.Equal(2, rig.SentOf("sub_refresh").Count());
        rig.End();
        rig.Connect();
        rig.Fail(rig.LastId("subscribe"), 109);
        Assert.Equal("acme:news#4", (string?)rig.Last("subscribe")["token"]);
        Assert.Equal(4, rig.Seen.Count(s => s == "token subscribe"));
    }

    [Fact]
    public void A_token_that_is_always_expired_is_not_fetched_in_a_tight_loop()
    {
        var rig = new Rig { SubscribeToken = _ => "old" };
        rig.Do(m => m.Subscribe(Rig.Channel));
        rig.Connect();
        rig.Fail(2, 109);
        rig.Fail(3, 109);
        Assert.Equal(2, rig.SentOf("subscribe").Count());
        rig.Pass(1_000);
        Assert.Equal(3, rig.SentOf("subscribe").Count());
    }

    [Fact]
    public void A_channel_whose_token_is_late_is_subscribed_when_it_comes_and_others_do_not_wait()
    {
        var rig = new Rig { TokensAtOnce = false };
        rig.Do(m => m.Start(rig.Now));
        rig.Do(m => m.Subscribe("acme:a"));
        rig.Do(m => m.TokenFetched(Client.Machine.TokenPurpose.Connect, null, "t", rig.Now));
        rig.Open();
        Assert.Empty(rig.SentOf("subscribe"));
        rig.Do(m => m.TokenFetched(Client.Machine.TokenPurpose.Subscribe, "acme:a", "s", rig.Now));
        Assert.Equal("s", (string?)rig.Last("subscribe")["token"]);
    }

    [Fact]
    public void A_token_fetch_that_fails_while_disconnected_is_still_tried_again()
    {
        var rig = new Rig { TokensAtOnce = false };
        rig.Do(m => m.Subscribe("acme:a"));
        Assert.True(rig.FailToken());
        rig.Do(m => m.Start(rig.Now));
        rig.Do(m => m.TokenFetched(Client.Machine.TokenPurpose.Connect, null, "t", rig.Now));
        rig.End("refused");
        rig.TokensAtOnce = true;
        rig.Connect();
        rig.Pass(500);
        Assert.Single(rig.SentOf("subscribe"));
    }

    internal static Rig Subscribed(long offset, Parts.ClientParts? parts = null)
    {
        var rig = new Rig(parts);
        rig.Do(m => m.Subscribe(Rig.Channel));
        rig.Connect();
        rig.Subscribed(offset);
        return rig;
    }

    internal static IEnumerable<long> Offsets(Rig rig) => rig.Delivered.Select(d => d.Offset);
}
