using Chaos.Proxy.Links;

namespace Chaos.Proxy.Ledger;

/// <summary>Microseconds since the Unix epoch that never run backwards: the wall clock is read once, then advanced by the monotonic one.</summary>
internal sealed class LedgerClock
{
    private readonly long _originNs = Monotonic.NowNs;
    private readonly long _originUs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public long NowUs => ToUs(Monotonic.NowNs);

    /// <summary>A monotonic time as microseconds since the epoch; 0 stays 0.</summary>
    public long ToUs(long ns) => ns == 0 ? 0 : _originUs + (ns - _originNs) / 1000;

    /// <summary>A monotonic time as a date.</summary>
    public DateTimeOffset ToTime(long ns) => DateTimeOffset.UnixEpoch.AddTicks(ToUs(ns) * TimeSpan.TicksPerMicrosecond);
}
