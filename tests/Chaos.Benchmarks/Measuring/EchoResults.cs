namespace Chaos.Benchmarks.Measuring;

/// <summary>A message size and a number of connections.</summary>
internal sealed record Cell(int PayloadBytes, int Connections);

/// <summary>One variant in one round of one cell.</summary>
/// <param name="MessagesPerSecond">Round trips per second, all connections together.</param>
/// <param name="P50Us">Median round trip, microseconds.</param>
/// <param name="P99Us">99th percentile of the round trip, microseconds.</param>
/// <param name="ProxyCpuUs">Processor time of the proxy's process per round trip, microseconds; for the direct variant that of the echo server.</param>
internal sealed record EchoRound(double MessagesPerSecond, double P50Us, double P99Us, double ProxyCpuUs);

/// <summary>All rounds of one variant in one cell, in the order of the rounds.</summary>
internal sealed record EchoSeries(Cell Cell, string Variant, IReadOnlyList<EchoRound> Rounds)
{
    public Spread Of(Func<EchoRound, double> value) => Spread.Of(Rounds.Select(value));

    /// <summary>This series' value over the other's, round by round: both of a pair saw the same noise of the machine.</summary>
    public Spread RatioTo(EchoSeries other, Func<EchoRound, double> value) => Spread.Of(Rounds.Zip(other.Rounds, (mine, its) => value(mine) / value(its)));
}
