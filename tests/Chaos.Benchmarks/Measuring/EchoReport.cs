namespace Chaos.Benchmarks.Measuring;

/// <summary>
/// A variant beside plain YARP in one cell, as medians of the rounds' ratios with their smallest and largest. The smallest and largest
/// of n rounds hold the true median between them with probability 1 - 2^(1-n): 98 % for seven (order statistics of the binomial).
/// </summary>
internal sealed record EchoVerdict(Cell Cell, string Variant, Spread Throughput, Spread P99)
{
    /// <summary>At least this share of plain YARP's messages per second.</summary>
    public const double LeastThroughput = 0.95;

    /// <summary>At most this multiple of plain YARP's 99th percentile.</summary>
    public const double MostP99 = 1.1;

    public bool ThroughputReached => Throughput.Median >= LeastThroughput;

    public bool P99Reached => P99.Median <= MostP99;

    /// <summary>The rounds lie on both sides of the goal.</summary>
    public bool ThroughputUncertain => Throughput.Min < LeastThroughput && Throughput.Max >= LeastThroughput;

    /// <inheritdoc cref="ThroughputUncertain" />
    public bool P99Uncertain => P99.Min <= MostP99 && P99.Max > MostP99;
}

/// <summary>All that one run of the benchmark measured.</summary>
internal sealed record EchoReport(IReadOnlyList<EchoSeries> Series, MachineFacts Machine, int Rounds, int SecondsPerRound)
{
    /// <summary>The proxy beside plain YARP, one for each cell.</summary>
    public IReadOnlyList<EchoVerdict> Verdicts => Compare(Variants.Chaos);

    /// <summary>Plain YARP beside itself, one for each cell; empty if it was not measured.</summary>
    public IReadOnlyList<EchoVerdict> Noise => Compare(Variants.Control);

    public bool GoalsReached => Verdicts.All(v => v.ThroughputReached && v.P99Reached);

    /// <summary>Plain YARP in the same cell.</summary>
    public static EchoSeries Yardstick(IEnumerable<EchoSeries> all, EchoSeries series) => all.Single(s => s.Variant == Variants.Yarp && s.Cell == series.Cell);

    private EchoVerdict[] Compare(string variant) =>
    [
        .. Series.Where(s => s.Variant == variant).Select(s =>
        {
            var yarp = Yardstick(Series, s);
            return new EchoVerdict(s.Cell, s.Variant, s.RatioTo(yarp, r => r.MessagesPerSecond), s.RatioTo(yarp, r => r.P99Us));
        }),
    ];
}
