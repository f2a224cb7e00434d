namespace Chaos.Proxy.Faults;

/// <summary>The share of messages that a fault acts on.</summary>
internal static class MessageRate
{
    public static readonly AttributeSpec[] Attributes =
    [
        new("rate", AttributeKind.Number, "Probability that a message is acted on.", 1, 0, 1),
        new("correlation", AttributeKind.Number, "Probability that a message shares the fate of the one before it.", 0, 0, 0.999),
    ];

    public static bool Hits(StreamKey key, long message, double rate, double correlation) => StickyUnit.At(key, message, correlation) < rate;

    /// <summary>Random bits of a message, independent of whether it is hit.</summary>
    public static ulong Bits(StreamKey key, long message) => RandomStream.Mix(key.At(message).NextBits() ^ 0xD1B54A32D192ED03);
}
