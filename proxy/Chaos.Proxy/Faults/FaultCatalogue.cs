namespace Chaos.Proxy.Faults;

/// <summary>Every type of fault that a link can have.</summary>
public static class FaultCatalogue
{
    private static readonly FaultKind[] Kinds =
    [
        LatencyFault.Kind, BandwidthFault.Kind, SlowCloseFault.Kind, TimeoutFault.Kind, ResetPeerFault.Kind, SlicerFault.Kind, LimitDataFault.Kind,
        LossFault.Kind, BlackholeFault.Kind, StallFault.Kind, CloseAfterFault.Kind,
        ConnectDelayFault.Kind, ConnectHangFault.Kind, RefuseFault.Kind, DownFault.Kind,
        HandshakeFault.Kind, CloseFault.Kind, DelayMessageFault.Kind, DropMessageFault.Kind, DuplicateMessageFault.Kind, ReorderMessageFault.Kind,
        CorruptMessageFault.Kind, TruncateMessageFault.Kind, DropControlFault.Kind, ThrottleFault.Kind,
        HttpDelayFault.Kind, HttpStatusFault.Kind, HttpAbortFault.Kind,
        NoopFault.Kind,
    ];

    /// <summary>Descriptions of all types, in the order of the documentation.</summary>
    public static IReadOnlyList<FaultDescription> Types { get; } = Array.ConvertAll(Kinds, kind => kind.Describe());

    /// <summary>JSON Schema (draft 2020-12) of a fault's target.</summary>
    public static System.Text.Json.Nodes.JsonObject TargetSchema => Target.Schema();

    internal static FaultKind? Find(string type) => Array.Find(Kinds, kind => string.Equals(kind.Type, type, StringComparison.Ordinal));

    internal static string Names => string.Join(", ", Kinds.Select(kind => kind.Type));
}
