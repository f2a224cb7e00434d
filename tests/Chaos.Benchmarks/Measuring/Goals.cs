namespace Chaos.Benchmarks.Measuring;

/// <summary>What the proxy should reach beside another peer.</summary>
/// <param name="Yardstick">The peer it is compared with.</param>
/// <param name="LeastRate">At least this multiple of the yardstick's rate; null for no goal.</param>
/// <param name="MostP99">At most this multiple of its 99th percentile; null for no goal.</param>
/// <param name="Judged">The peers that should reach it.</param>
internal sealed record Goals(string Yardstick, double? LeastRate, double? MostP99, string[] Judged);

/// <summary>
/// One figure beside its goal, as the median of the rounds' ratios with the smallest and largest. The smallest and largest of n rounds
/// hold the true median between them with probability 1 - 2^(1-n): 98 % for seven (order statistics of the binomial).
/// </summary>
/// <param name="What">"rate" or "p99".</param>
/// <param name="Noise">The same of the yardstick's second process; null if it was not measured.</param>
internal sealed record Verdict(Cell Cell, string Peer, string What, Spread Ratio, double Goal, bool AtLeast, Spread? Noise)
{
    public bool Reached => AtLeast ? Ratio.Median >= Goal : Ratio.Median <= Goal;

    /// <summary>The rounds lie on both sides of the goal.</summary>
    public bool Uncertain => Ratio.Min < Goal && Ratio.Max > Goal;
}

/// <summary>All that one run measured side by side.</summary>
internal sealed record SideBySideReport(string Title, Goals Goals, IReadOnlyList<Series> Series, MachineFacts Machine, int Rounds, int SecondsPerRound)
{
    /// <summary>Every figure that has a goal; empty if the yardstick was not measured.</summary>
    public IReadOnlyList<Verdict> Verdicts => [.. Series.Where(s => Goals.Judged.Contains(s.Peer)).SelectMany(Judge)];

    /// <summary>Another peer in the same cell; null if it was not measured.</summary>
    public Series? Find(Cell cell, string peer) => Series.SingleOrDefault(s => s.Cell == cell && s.Peer == peer);

    private IEnumerable<Verdict> Judge(Series series)
    {
        if (Find(series.Cell, Goals.Yardstick) is not { } yardstick) yield break;
        var again = Find(series.Cell, Peers.Again(Goals.Yardstick));
        if (Goals.LeastRate is { } rate) yield return Of("rate", r => r.PerSecond, rate, atLeast: true);
        if (Goals.MostP99 is { } p99 && !series.Cell.IsBulk) yield return Of("p99", r => r.P99Us!.Value, p99, atLeast: false);

        Verdict Of(string what, Func<Round, double> value, double goal, bool atLeast) =>
            new(series.Cell, series.Peer, what, series.RatioTo(yardstick, value), goal, atLeast, again?.RatioTo(yardstick, value));
    }
}
