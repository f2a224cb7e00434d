namespace Chaos.Proxy.Faults;

/// <summary>Every type of fault that a link can have.</summary>
public static class FaultCatalogue
{
    private static readonly FaultKind[] Kinds =
    [
        LatencyFault.Kind, BandwidthFault.Kind, LossFault.Kind, BlackholeFault.Kind, ResetPeerFault.Kind, DownFault.Kind,
        HandshakeFault.Kind, CloseFault.Kind,
    ];

    /// <summary>Descriptions of all types, in the order of the documentation.</summary>
    public static IReadOnlyList<FaultDescription> Types { get; } = Array.ConvertAll(Kinds, kind => kind.Describe());

    internal static FaultKind? Find(string type) => Array.Find(Kinds, kind => string.Equals(kind.Type, type, StringComparison.Ordinal));

    internal static string Names => string.Join(", ", Kinds.Select(kind => kind.Type));
}
