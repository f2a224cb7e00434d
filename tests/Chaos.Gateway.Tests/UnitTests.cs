using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Sessions;
using CsCheck;

namespace Chaos.Gateway.Tests;

public sealed class RetryBudgetTests
{
    [Fact]
    public void Retries_never_exceed_the_reserve_and_a_tenth_of_the_operations_in_any_stretch() =>
        Gen.Bool.Array[0, 400].Sample(steps =>
        {
            // true: an operation that then tries to retry twice; false: one that succeeds.
            var budget = new RetryBudget(0.1, 10);
            var retries = new List<int> { 0 };
            foreach (var fails in steps)
            {
                budget.Deposit();
                var used = 0;
                if (fails)
                {
                    for (var i = 0; i < 2; i++) used += budget.TryWithdraw() ? 1 : 0;
                }
                retries.Add(retries[^1] + used);
            }
            for (var from = 0; from < retries.Count; from += 7)
            {
                for (var to = from; to < retries.Count; to += 5) Assert.True(retries[to] - retries[from] <= 10 + (0.1 * (to - from)) + 1e-9);
            }
        }, iter: 300);

    [Fact]
    public void A_budget_of_nothing_allows_nothing()
    {
        var budget = new RetryBudget(0, 0);
        for (var i = 0; i < 100; i++) budget.Deposit();
        Assert.False(budget.TryWithdraw());
    }
}

public sealed class SessionDeadlinesTests
{
    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static SessionDeadlines New() => new(S(25), S(8), S(10));

    [Fact]
    public void A_client_that_does_not_connect_is_stale()
    {
        var deadlines = New();
        Assert.Equal(S(10), deadlines.Next());
        Assert.Empty(deadlines.Take(S(9.999)));
        Assert.Equal(DueKind.Stale, Assert.Single(deadlines.Take(S(10))).Kind);
        Assert.Null(deadlines.Next());
    }

    [Fact]
    public void Pings_go_on_and_an_unanswered_one_ends_the_session()
    {
        var deadlines = New();
        deadlines.Connected(S(1), S(5));
        Assert.Equal(DueKind.Ping, Assert.Single(deadlines.Take(S(6))).Kind);
        Assert.True(deadlines.Pong());
        Assert.False(deadlines.Pong());
        Assert.Equal(S(31), deadlines.Next());
        Assert.Equal(DueKind.Ping, Assert.Single(deadlines.Take(S(31))).Kind);
        Assert.Equal(DueKind.NoPong, Assert.Single(deadlines.Take(S(39))).Kind);
    }

    [Fact]
    public void Later_pings_do_not_extend_the_wait_for_the_first_pong()
    {
        var deadlines = new SessionDeadlines(S(1), S(3), S(10));
        deadlines.Connected(S(0), S(1));
        foreach (var at in new[] { 1, 2, 3 }) Assert.Equal(DueKind.Ping, Assert.Single(deadlines.Take(S(at))).Kind);
        Assert.Equal(DueKind.NoPong, Assert.Single(deadlines.Take(S(4))).Kind);
    }

    [Fact]
    public void An_expired_token_ends_the_session_and_an_expired_subscription_only_itself()
    {
        var deadlines = New();
        deadlines.Connected(S(0), S(20));
        deadlines.TokenUntil(S(10));
        deadlines.SubscriptionUntil("a", S(5));
        deadlines.SubscriptionUntil("b", S(6));
        Assert.Equal(new Due(DueKind.SubscriptionExpired, "a"), Assert.Single(deadlines.Take(S(5))));
        deadlines.SubscriptionUntil("b", null);
        Assert.Equal(S(10), deadlines.Next());
        deadlines.TokenUntil(S(15));
        Assert.Empty(deadlines.Take(S(10)));
        Assert.Equal(DueKind.TokenExpired, Assert.Single(deadlines.Take(S(15))).Kind);
    }
}

public sealed class SendQueueTests
{
    [Fact]
    public async Task It_is_bounded_in_messages_and_in_bytes_and_keeps_order()
    {
        var queue = new SendQueue(maxMessages: 3, maxBytes: 10);
        Assert.True(queue.TryAdd(new byte[] { 1, 1, 1, 1 }));
        Assert.True(queue.TryAdd(new byte[] { 2, 2, 2, 2 }));
        Assert.False(queue.TryAdd(new byte[] { 3, 3, 3 }));
        Assert.True(queue.TryAdd(new byte[] { 3, 3 }));
        Assert.False(queue.TryAdd(Array.Empty<byte>()));
        Assert.Equal(10, queue.Bytes);
        var batch = new List<ReadOnlyMemory<byte>>();
        Assert.True(await queue.WaitAsync(default));
        queue.Take(batch, 1_000);
        Assert.Equal([1, 2, 3], batch.Select(m => (int)m.Span[0]));
        Assert.Equal(0, queue.Bytes);
        Assert.True(queue.TryAdd(new byte[100]));
        queue.Complete(discard: false);
        Assert.True(await queue.WaitAsync(default));
        queue.Take(batch, 1);
        Assert.False(await queue.WaitAsync(default));
    }

    [Fact]
    public void Limits_of_a_rate_hold_over_time()
    {
        var bucket = new TokenBucket(10, 20);
        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => bucket.TryTake(TimeSpan.Zero)));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => bucket.TryTake(TimeSpan.FromSeconds(1))));
    }
}
