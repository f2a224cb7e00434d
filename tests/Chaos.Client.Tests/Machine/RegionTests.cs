using System.Text.Json.Nodes;
using Chaos.Client.Machine;
using Chaos.Client.Policies;
using Xunit;

namespace Chaos.Client.Tests.Machine;

/// <summary>A client that knows several regions: the nearest, then the next, and back.</summary>
public sealed class RegionTests
{
    private static readonly ClientPolicy Policy = new() { MoveAfter = 2, ReturnAfterMs = 10_000 };

    private static Rig Started(int elsewhere = 2, long seed = 1)
    {
        var rig = new Rig(policy: Policy, elsewhere: elsewhere, seed: seed);
        rig.Do(m => m.Start(rig.Now));
        return rig;
    }

    private static void Fail(Rig rig)
    {
        rig.End("refused");
        rig.UntilDial();
    }

    [Fact]
    public void The_nearest_is_tried_twice_then_the_next_and_after_the_last_the_nearest_again()
    {
        var rig = Started();
        var places = new List<int> { rig.Place };
        for (var i = 0; i < 7; i++)
        {
            Fail(rig);
            places.Add(rig.Place);
        }

        Assert.Equal([0, 0, 1, 1, 2, 2, 0, 0], places);
    }

    [Fact]
    public void Attempts_count_on_from_region_to_region_so_the_backoff_grows()
    {
        var rig = Started();
        for (var i = 0; i < 4; i++) Fail(rig);
        Assert.Equal([0, 1, 2, 3, 4], rig.Attempts.Select(a => a.Attempt));
    }

    [Fact]
    public void A_lost_connection_is_no_failure_of_its_region()
    {
        var rig = Started();
        rig.Connect();
        for (var i = 0; i < 3; i++)
        {
            rig.End();
            rig.UntilDial();
            Assert.Equal(0, rig.Place);
            rig.Open();
            rig.Accept();
        }
    }

    [Fact]
    public void A_client_that_knows_one_region_stays()
    {
        var rig = Started(elsewhere: 0);
        for (var i = 0; i < 5; i++) Fail(rig);
        Assert.Equal(0, rig.Place);
        rig.Open();
        rig.Accept();
        rig.Pass(120_000);
        Assert.Equal(0, rig.Looking);
    }

    [Fact]
    public void Away_it_looks_for_the_nearest_after_one_to_two_times_the_declared_time_and_goes_back_when_it_answers()
    {
        var rig = Started();
        Fail(rig);
        Fail(rig);
        Assert.Equal(1, rig.Place);
        rig.Open();
        rig.Accept();
        rig.Pass(9_999);
        Assert.Equal(0, rig.Looking);
        rig.Pass(10_001);
        Assert.Equal(1, rig.Looking);

        rig.Do(m => m.Looked(false, rig.Now));
        Assert.Equal(ClientState.Connected, rig.Machine.State);
        rig.Pass(20_000);
        Assert.Equal(2, rig.Looking);

        var (dialed, connection) = (rig.Dialed, rig.Dialed);
        rig.Do(m => m.Looked(true, rig.Now));
        Assert.Contains((connection, 1000), rig.Closes);
        Assert.Contains(rig.Seen, s => s.Contains("moved", StringComparison.Ordinal));
        // The old connection ends in order before the new one is dialled.
        Assert.Equal(dialed, rig.Dialed);
        rig.End(connection, "close", 1000);
        Assert.Equal((dialed + 1, 0), (rig.Dialed, rig.Place));
        rig.Open();
        rig.Accept();
        rig.Pass(60_000);
        Assert.Equal(2, rig.Looking);
    }

    [Fact]
    public void It_goes_back_when_nothing_is_in_doubt_and_what_the_application_publishes_meanwhile_is_sent_there_first()
    {
        var rig = Started();
        Fail(rig);
        Fail(rig);
        rig.Open();
        rig.Accept();
        rig.Publish("m1");
        var away = rig.Dialed;
        rig.Do(m => m.Looked(true, rig.Now));
        rig.Publish("m2");
        Assert.Empty(rig.Closes);
        Assert.Equal(["m1"], Mids());

        rig.Receive($"{{\"id\":{rig.LastId("publish")},\"publish\":{{}}}}");
        Assert.Equal([(away, 1000)], rig.Closes);
        rig.End(away, "close", 1000);
        Assert.Equal(0, rig.Place);
        rig.Open();
        rig.Accept();
        Assert.Equal(["m1", "m2"], Mids());

        IEnumerable<string> Mids() => rig.SentOf("publish").Select(p => (string)p["publish"]!["data"]!["mid"]!);
    }

    [Fact]
    public void When_replies_do_not_come_it_stays_goes_on_publishing_and_looks_again_later()
    {
        var rig = Started();
        Fail(rig);
        Fail(rig);
        rig.Open();
        rig.Accept();
        rig.Pass(20_000);
        rig.Publish("m1");
        rig.Do(m => m.Looked(true, rig.Now));
        rig.Publish("m2");
        Assert.Single(rig.SentOf("publish"));
        rig.Pass(Policy.CloseTimeoutMs);
        Assert.Equal(2, rig.SentOf("publish").Count());
        Assert.Equal(ClientState.Connected, rig.Machine.State);
        Assert.Equal(1, rig.Looking);
        rig.Pass(20_000);
        Assert.Equal(2, rig.Looking);
    }

    [Fact]
    public void A_close_handshake_that_is_never_answered_does_not_keep_it_away()
    {
        var rig = Started();
        Fail(rig);
        Fail(rig);
        rig.Open();
        rig.Accept();
        rig.Pass(20_000);
        var dialed = rig.Dialed;
        rig.Do(m => m.Looked(true, rig.Now));
        rig.Pass(Policy.CloseTimeoutMs);
        Assert.Equal((dialed + 1, 0), (rig.Dialed, rig.Place));
    }

    [Fact]
    public void Clients_that_left_together_look_apart()
    {
        var moments = Enumerable.Range(1, 300).Select(seed =>
        {
            var rig = Started(seed: seed);
            Fail(rig);
            Fail(rig);
            rig.Open();
            rig.Accept();
            var connected = rig.Now;
            rig.PassUntil(() => rig.Looking == 1);
            return (rig.Now - connected).TotalMilliseconds;
        }).ToList();
        // Uniform on [10, 20) s: a KS distance above 0.113 has a chance of 1 in 1,000 at N = 300.
        var distance = moments.Order().Select((ms, i) => Math.Max(Math.Abs(((ms - 10_000) / 10_000) - (i / 300.0)), Math.Abs(((ms - 10_000) / 10_000) - ((i + 1) / 300.0)))).Max();
        Assert.True(distance < 0.113, $"KS distance {distance}");
    }

    private static string Pub(long offset, string origin, long seq) =>
        $$$"""{"data":{"n":{{{offset}}}},"offset":{{{offset}}},"tags":{"origin":"{{{origin}}}","seq":"{{{seq}}}"}}""";

    private static string Live(long offset, string origin, long seq) => $$$"""{"push":{"channel":"{{{Rig.Channel}}}","pub":{{{Pub(offset, origin, seq)}}}}}""";

    [Fact]
    public void In_another_region_its_place_is_told_by_origins_and_what_it_has_seen_is_not_delivered_again()
    {
        var rig = Started();
        rig.Do(m => m.Subscribe(Rig.Channel));
        rig.Open();
        rig.Accept();
        rig.Subscribed(2, "eu1", ",\"data\":{\"seen\":{\"eu:eu1\":2}}");
        rig.Receive(Live(3, "eu:eu1", 3));
        rig.Receive(Live(4, "us:us1", 1));
        rig.End();
        rig.UntilDial();
        Fail(rig);
        Fail(rig);
        rig.Open();
        rig.Accept();
        var subscribe = rig.Last("subscribe");
        Assert.Equal("""{"eu:eu1":3,"us:us1":1}""", subscribe["data"]!["seen"]!.ToJsonString());

        // Us has eu's only up to 2 yet, and one of its own that is new.
        rig.Subscribed(40, "us1", $$$""","was_recovering":true,"recovered":true,"publications":[{{{Pub(40, "us:us1", 2)}}}],"data":{"seen":{"eu:eu1":2,"us:us1":2}}""");
        rig.Receive(Live(41, "eu:eu1", 3));
        rig.Receive(Live(42, "eu:eu1", 4));
        Assert.Equal([3, 4, 40, 42], rig.Delivered.Select(d => d.Offset));
        Assert.DoesNotContain(rig.Seen, s => s.Contains("gap", StringComparison.Ordinal) || s.Contains("lacks", StringComparison.Ordinal));
    }
}
