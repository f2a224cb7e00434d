using Chaos.Benchmarks.Load;

namespace Chaos.Benchmarks.Measuring;

/// <summary>One peer in one round of one cell.</summary>
/// <param name="PerSecond">Messages, connections or (bulk) megabytes per second, all connections together.</param>
/// <param name="P50Us">Median time of one, microseconds; null for bulk.</param>
/// <param name="P99Us">99th percentile of it.</param>
/// <param name="CpuUs">Processor time of the peer's process for each, microseconds; for direct that of the server.</param>
internal sealed record Round(double PerSecond, double? P50Us, double? P99Us, double CpuUs)
{
    private const double Megabyte = 1e6;

    public static Round Of(Cell cell, Tally tally, TimeSpan measured)
    {
        var done = cell.IsBulk ? tally.Bytes / Megabyte : tally.Times.TotalCount;
        return new Round(
            done / measured.TotalSeconds, cell.IsBulk ? null : tally.Times.GetValueAtPercentile(50) / 1e3, cell.IsBulk ? null : tally.Times.GetValueAtPercentile(99) / 1e3,
            tally.ProcessorTime.TotalMicroseconds / done);
    }
}

/// <summary>All rounds of one peer in one cell, in the order of the rounds.</summary>
internal sealed record Series(Cell Cell, string Peer, IReadOnlyList<Round> Rounds)
{
    public Spread Of(Func<Round, double> value) => Spread.Of(Rounds.Select(value));

    /// <summary>This series' value over the other's, round by round: both of a pair saw the same noise of the machine.</summary>
    public Spread RatioTo(Series other, Func<Round, double> value) => Spread.Of(Rounds.Zip(other.Rounds, (mine, its) => value(mine) / value(its)));
}
