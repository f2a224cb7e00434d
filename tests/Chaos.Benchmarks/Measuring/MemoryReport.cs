namespace Chaos.Benchmarks.Measuring;

/// <summary>A peer's memory before its idle connections were opened, and with them.</summary>
internal sealed record MemoryRound(MemoryUse Before, MemoryUse During, int Connections)
{
    /// <summary>Bytes per idle connection that the managed heap holds alive; null where there is no such heap.</summary>
    public double? Live => (During.LiveBytes - Before.LiveBytes) / (double)Connections;

    /// <summary>Private bytes per idle connection.</summary>
    public double Private => (During.PrivateBytes - Before.PrivateBytes) / (double)Connections;

    /// <summary>Resident bytes per idle connection.</summary>
    public double Resident => (During.ResidentBytes - Before.ResidentBytes) / (double)Connections;
}

/// <summary>All rounds of one peer with one number of connections.</summary>
internal sealed record MemorySeries(Protocol Protocol, string Peer, int Connections, IReadOnlyList<MemoryRound> Rounds)
{
    public Spread Of(Func<MemoryRound, double> value) => Spread.Of(Rounds.Select(value));
}

/// <summary>All that one run of the memory benchmark measured.</summary>
internal sealed record MemoryReport(IReadOnlyList<MemorySeries> Series, MachineFacts Machine, int Rounds)
{
    /// <summary>At most these bytes for an idle TCP connection.</summary>
    public const double MostTcpBytes = 10_000;

    public MemorySeries? Find(Protocol protocol, string peer, int connections) => Series.SingleOrDefault(s => s.Protocol == protocol && s.Peer == peer && s.Connections == connections);
}
