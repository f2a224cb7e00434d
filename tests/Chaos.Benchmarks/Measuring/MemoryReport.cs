namespace Chaos.Benchmarks.Measuring;

/// <summary>A proxy's memory before its idle connections were opened, and with them.</summary>
internal sealed record MemoryRound(MemoryUse Before, MemoryUse During, int Connections)
{
    /// <summary>Live managed bytes per idle connection.</summary>
    public double LivePerConnection => PerConnection(m => m.LiveBytes);

    /// <summary>Resident bytes per idle connection.</summary>
    public double WorkingSetPerConnection => PerConnection(m => m.WorkingSetBytes);

    private double PerConnection(Func<MemoryUse, long> of) => (of(During) - of(Before)) / (double)Connections;
}

/// <summary>All rounds of one variant.</summary>
internal sealed record MemorySeries(string Variant, IReadOnlyList<MemoryRound> Rounds)
{
    public Spread Of(Func<MemoryRound, double> value) => Spread.Of(Rounds.Select(value));

    public Spread RatioTo(MemorySeries other, Func<MemoryRound, double> value) => Spread.Of(Rounds.Zip(other.Rounds, (mine, its) => value(mine) / value(its)));
}

/// <summary>All that one run of the memory benchmark measured.</summary>
internal sealed record MemoryReport(IReadOnlyList<MemorySeries> Series, MachineFacts Machine, int Rounds, int Connections);
