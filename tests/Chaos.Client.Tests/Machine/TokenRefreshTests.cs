using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class TokenRefreshTests
{
    [Fact]
    public void A_new_token_is_sent_before_the_old_one_runs_out()
    {
        var rig = new Rig();
        rig.Connect(ttl: 60);
        rig.Pass(38_999);
        Assert.Empty(rig.SentOf("refresh"));
        rig.Pass(6_002);
        Assert.Equal("token-2", (string?)rig.Last("refresh")["token"]);
        rig.Receive($$$"""{"id":{{{rig.LastId("refresh")}}},"refresh":{"expires":true,"ttl":60}}""");
        rig.Pass(46_000);
        Assert.Equal(2, rig.SentOf("refresh").Count());
        Assert.Equal(2, rig.Seen.Count(s => s == "token refresh"));
    }

    [Fact]
    public void The_refreshed_token_is_used_for_later_attempts()
    {
        var rig = new Rig();
        rig.Connect(ttl: 60);
        rig.Pass(46_000);
        rig.Receive($$$"""{"id":{{{rig.LastId("refresh")}}},"refresh":{"expires":true,"ttl":60}}""");
        rig.End();
        rig.Connect();
        Assert.Equal("token-2", (string?)rig.Last("connect")["token"]);
    }

    [Theory]
    [InlineData(109)]
    [InlineData(100)]
    public void A_refresh_that_failed_for_now_is_tried_again(int code)
    {
        var rig = new Rig();
        rig.Connect(ttl: 60);
        rig.Pass(46_000);
        rig.Fail(rig.LastId("refresh"), code);
        rig.Pass(500);
        Assert.Equal(2, rig.SentOf("refresh").Count());
    }

    [Fact]
    public void A_token_source_that_fails_is_asked_again()
    {
        var rig = new Rig { TokensAtOnce = false };
        rig.Do(m => m.Start(rig.Now));
        rig.AnswerTokens();
        rig.Open();
        rig.Accept(ttl: 60);
        rig.Pass(46_000);
        Assert.True(rig.FailToken());
        rig.Pass(500);
        rig.AnswerTokens();
        Assert.Single(rig.SentOf("refresh"));
    }

    [Fact]
    public void Clients_that_connected_together_do_not_refresh_together()
    {
        var times = Enumerable.Range(0, 200).Select(i =>
        {
            var rig = new Rig(name: $"c-{i}");
            rig.Connect(ttl: 100);
            return rig.Machine.NextDue > TimeSpan.FromSeconds(6) ? rig.Machine.NextDue : After(rig);
        }).ToArray();
        Assert.InRange(times.Min().TotalSeconds, 65, 66);
        Assert.InRange(times.Max().TotalSeconds, 74, 75);

        static TimeSpan After(Rig rig)
        {
            rig.Pass(6_000);
            return rig.Machine.NextDue;
        }
    }
}
