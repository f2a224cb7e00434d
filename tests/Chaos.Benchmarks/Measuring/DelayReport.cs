namespace Chaos.Benchmarks.Measuring;

/// <summary>One round over one protocol, one way: the same traffic without a fault and with a latency fault.</summary>
/// <param name="OwnP50Us">Median of released − arrived − configured, as the proxy's ledger has it, microseconds.</param>
/// <param name="OwnP99Us">99th percentile of it.</param>
/// <param name="OwnMaxUs">Largest of it.</param>
/// <param name="WithoutP50Us">Median end to end without the fault, the load generator included.</param>
/// <param name="WithP50Us">The same with the fault, less the configured delay.</param>
internal sealed record DelayRound(double OwnP50Us, double OwnP99Us, double OwnMaxUs, double WithoutP50Us, double WithoutP99Us, double WithP50Us, double WithP99Us)
{
    /// <summary>What the fault added end to end beyond what was configured, at the median.</summary>
    public double AddedP50Us => WithP50Us - WithoutP50Us;

    /// <summary>The same at the 99th percentile.</summary>
    public double AddedP99Us => WithP99Us - WithoutP99Us;
}

/// <summary>All rounds over one protocol, one way.</summary>
internal sealed record DelaySeries(Protocol Protocol, Way Way, IReadOnlyList<DelayRound> Rounds)
{
    public Spread Of(Func<DelayRound, double> value) => Spread.Of(Rounds.Select(value));
}

/// <summary>A bandwidth fault's rate over a second.</summary>
/// <param name="Configured">Bytes per second that were asked for.</param>
/// <param name="Reached">Bytes per second that came, one figure a round.</param>
internal sealed record RateSeries(double Configured, IReadOnlyList<double> Reached)
{
    /// <summary>How far off the rates were, as shares of what was asked for.</summary>
    public Spread Error => Spread.Of(Reached.Select(reached => reached / Configured - 1));
}

/// <summary>All that one run of the fidelity benchmark measured.</summary>
internal sealed record FidelityReport(double DelayMs, int PerSecond, int Connections, IReadOnlyList<DelaySeries> Delays, IReadOnlyList<RateSeries> Rates, MachineFacts Machine, int Rounds);
