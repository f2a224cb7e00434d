namespace Chaos.Gateway.Dependencies;

/// <summary>Decides whether a retry may be made at all.</summary>
internal interface IRetryBudget
{
    /// <summary>An operation was offered.</summary>
    void Deposit();

    /// <summary>A retry wants to leave.</summary>
    bool TryWithdraw();
}

/// <summary>
/// A token bucket: each operation pays in a part of a retry, each retry takes one out, and the bucket holds no more than the reserve it
/// starts with. So in any stretch of time retries ≤ reserve + ratio × operations, whatever the failures
/// (as Finagle's RetryBudget, with the reserve in place of its retries a second).
/// </summary>
internal sealed class RetryBudget(double ratio, int reserve) : IRetryBudget
{
    // Whole numbers: a thousand of them is one retry, and no rounding adds up.
    private const long Unit = 1000;
    private readonly long _deposit = (long)Math.Round(ratio * Unit);
    private readonly long _limit = Math.Max(reserve, ratio > 0 ? 1 : 0) * Unit;
    private long _balance = reserve * Unit;

    public void Deposit()
    {
        long before, after;
        do
        {
            before = Interlocked.Read(ref _balance);
            after = Math.Min(_limit, before + _deposit);
        }
        while (Interlocked.CompareExchange(ref _balance, after, before) != before);
    }

    public bool TryWithdraw()
    {
        long before;
        do
        {
            before = Interlocked.Read(ref _balance);
            if (before < Unit) return false;
        }
        while (Interlocked.CompareExchange(ref _balance, before - Unit, before) != before);
        return true;
    }
}
