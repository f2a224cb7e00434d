using Chaos.Client.Parts;
using Chaos.Client.Policies;
using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class PublishTests
{
    [Fact]
    public void A_publish_waits_for_the_connect_reply()
    {
        var rig = new Rig();
        rig.Publish("m1");
        rig.Do(m => m.Start(rig.Now));
        rig.Open();
        Assert.Empty(rig.SentOf("publish"));
        rig.Accept();
        Assert.Equal("""{"channel":"acme:news","data":{"mid":"m1","n":1}}""", rig.Last("publish").ToJsonString());
        Ack(rig);
        Assert.Equal(["m1"], rig.Acked);
        Assert.Equal(0, rig.Machine.Unacknowledged);
    }

    [Fact]
    public void Unacknowledged_publishes_are_sent_again_in_order_and_unchanged_after_a_reconnect()
    {
        var rig = new Rig();
        rig.Connect();
        foreach (var mid in new[] { "m1", "m2", "m3" })
            rig.Publish(mid);
        var m2 = (int)rig.Sent[^2]["id"]!;
        rig.Receive($"{{\"id\":{m2},\"publish\":{{}}}}");
        rig.End();
        rig.Publish("m4");
        rig.Connect();
        Assert.Equal(["m1", "m2", "m3", "m1", "m3", "m4"], Mids(rig));
        Assert.Equal(["m2"], rig.Acked);
    }

    [Fact]
    public void A_publish_without_a_reply_is_sent_again_on_the_same_connection_and_acknowledged_once()
    {
        var rig = new Rig(policy: new ClientPolicy { PublishTimeoutMs = 2_000 });
        rig.Connect();
        rig.Publish("m1");
        var first = rig.LastId("publish");
        rig.Pass(1_999);
        Assert.Single(rig.SentOf("publish"));
        rig.Pass(1);
        Assert.Equal(["m1", "m1"], Mids(rig));
        rig.Receive($"{{\"id\":{first},\"publish\":{{}}}}");
        Ack(rig);
        Assert.Equal(["m1"], rig.Acked);
    }

    [Fact]
    public void Without_a_publish_timeout_it_waits()
    {
        var rig = new Rig(policy: new ClientPolicy { PublishTimeoutMs = 0 });
        rig.Connect();
        rig.Publish("m1");
        rig.Pass(200_000);
        Assert.Single(rig.SentOf("publish"));
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(111, false)]
    [InlineData(199, true)]
    public void Temporary_errors_are_sent_again_after_growing_jittered_delays(int code, bool flag)
    {
        var rig = new Rig();
        rig.Connect();
        rig.Publish("m1");
        for (var tries = 0; tries < 6; tries++)
        {
            var refused = rig.Now;
            rig.Fail(rig.LastId("publish"), code, flag);
            Assert.Equal(tries + 1, rig.SentOf("publish").Count());
            rig.PassUntil(() => rig.SentOf("publish").Count() > tries + 1);
            Assert.InRange((rig.Now - refused).TotalMilliseconds, 0, Math.Min(2_000, 500 * Math.Pow(2, tries)));
        }

        Assert.Equal(Enumerable.Repeat("m1", 7), Mids(rig));
    }

    [Fact]
    public void The_delay_after_a_temporary_error_is_jittered()
    {
        var delays = Enumerable.Range(0, 2_000).Select(i =>
        {
            var rig = new Rig(name: $"c-{i}", policy: new ClientPolicy { PublishTimeoutMs = 0, StableMs = 60_000 });
            rig.Connect();
            rig.Publish("m1");
            rig.Fail(rig.LastId("publish"), 111);
            return rig.Machine.NextDue.TotalMilliseconds;
        });
        Assert.True(Statistics.KolmogorovSmirnov(delays.Select(d => d / 500)) < 1.949 / Math.Sqrt(2_000));
    }

    [Fact]
    public void After_a_temporary_error_one_goes_alone_and_each_acknowledgement_lets_twice_as_many_follow()
    {
        var rig = new Rig();
        rig.Connect();
        for (var i = 1; i <= 8; i++) rig.Publish($"m{i}");
        var ids = rig.SentOf("publish").Select(c => (int)c["id"]!).ToList();
        Assert.Equal(8, ids.Count);
        foreach (var id in ids) rig.Fail(id, 100, true);
        rig.Publish("m9");
        Assert.Equal(8, rig.SentOf("publish").Count());

        rig.PassUntil(() => rig.SentOf("publish").Count() > 8);
        Assert.Equal(["m1"], Mids(rig).Skip(8));
        Ack(rig);
        Assert.Equal(["m1", "m2", "m3"], Mids(rig).Skip(8));
        Ack(rig);
        // m3 was acknowledged and m2 is still under way: three more make four.
        Assert.Equal(["m1", "m2", "m3", "m4", "m5", "m6"], Mids(rig).Skip(8));
        for (var i = 8; i < rig.SentOf("publish").Count(); i++) rig.Receive($"{{\"id\":{(int)rig.SentOf("publish").ElementAt(i)["id"]!},\"publish\":{{}}}}");
        Assert.Equal(["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9"], Mids(rig).Skip(8).Distinct());
        Assert.Equal(0, rig.Machine.Unacknowledged);
    }

    [Fact]
    public void A_refusal_of_many_at_once_is_one_refusal()
    {
        // A gateway in trouble for ten seconds: a client with twenty messages to send asks a few times, not two hundred.
        var rig = new Rig();
        rig.Connect();
        for (var i = 1; i <= 20; i++) rig.Publish($"m{i}");
        foreach (var id in rig.SentOf("publish").Select(c => (int)c["id"]!).ToList()) rig.Fail(id, 100, true);
        var seen = 20;
        for (var waited = 0; waited < 10_000; waited += 10)
        {
            rig.Pass(10);
            for (; seen < rig.SentOf("publish").Count(); seen++) rig.Fail(rig.LastId("publish"), 100, true);
        }

        Assert.InRange(seen - 20, 5, 25);
        Assert.All(Mids(rig).Skip(20), mid => Assert.Equal("m1", mid));
    }

    [Fact]
    public void A_new_connection_is_not_held_back_by_what_the_old_one_refused()
    {
        var rig = new Rig();
        rig.Connect();
        rig.Publish("m1");
        rig.Fail(rig.LastId("publish"), 100, true);
        rig.End();
        rig.UntilDial();
        rig.Connect();
        Assert.Equal(["m1", "m1"], Mids(rig));
    }

    [Fact]
    public void Other_errors_are_final()
    {
        var rig = new Rig();
        rig.Connect();
        rig.Publish("m1");
        rig.Fail(rig.LastId("publish"), 103);
        Assert.Equal("failed m1 103", rig.Seen[^1]);
        rig.End();
        rig.Connect();
        Assert.Single(rig.SentOf("publish"));
    }

    [Fact]
    public void The_error_of_a_copy_that_was_sent_again_meanwhile_is_not_the_last_word()
    {
        var rig = new Rig(policy: new ClientPolicy { PublishTimeoutMs = 1_000 });
        rig.Connect();
        rig.Publish("m1");
        var first = rig.LastId("publish");
        rig.Pass(1_000);
        rig.Fail(first, 107);
        Ack(rig);
        Assert.Equal(["m1"], rig.Acked);
        Assert.DoesNotContain("failed m1 107", rig.Seen);
    }

    [Fact]
    public void The_buffer_is_bounded_and_says_so()
    {
        var rig = new Rig(ClientParts.Reference with { ResendBuffer = new IdempotentResend(3) });
        for (var i = 1; i <= 5; i++)
            rig.Publish($"m{i}");
        Assert.Equal(["failed m4 0", "failed m5 0"], rig.Seen);
        rig.Connect();
        Ack(rig);
        rig.Publish("m6");
        Assert.Equal(["m1", "m2", "m3", "m6"], Mids(rig));
    }

    [Fact]
    public void Nothing_is_sent_again_once_the_gateway_may_have_forgotten_its_key()
    {
        var rig = new Rig();
        rig.Connect();
        rig.Publish("m1");
        rig.Pass(1_000);
        rig.End();
        rig.UntilDial();
        rig.Pass(241_000);
        rig.Connect();
        Assert.Single(Mids(rig).Distinct());
        var sent = rig.SentOf("publish").Count();
        rig.Pass(10_000);
        Assert.Contains("failed m1 0", rig.Seen);
        Assert.Equal(sent, rig.SentOf("publish").Count());
    }

    internal static IEnumerable<string?> Mids(Rig rig) => rig.SentOf("publish").Select(c => (string?)c["publish"]!["data"]!["mid"]);

    private static void Ack(Rig rig) => rig.Receive($"{{\"id\":{rig.LastId("publish")},\"publish\":{{}}}}");
}
