namespace Chaos.Proxy.Faults;

/// <summary>
/// A fault that decides about whole WebSocket messages. TCP never loses, doubles or moves one; a broken server or broker
/// does. The fragments of a message share its fate, and control frames between them are left alone.
/// </summary>
internal abstract record MessageFault : FaultBehaviour
{
    /// <summary>Attributes that every fault which damages a compressed stream has.</summary>
    public static readonly AttributeSpec[] DeflateAttributes =
    [
        new("deflate", AttributeKind.Text, "What to do about permessage-deflate at the handshake, as a missing or altered message destroys a stream compressed with context takeover: strip the offer, or force no_context_takeover.", DeflatePolicy.Strip, Choices: [DeflatePolicy.Strip, DeflatePolicy.NoContextTakeover]),
        new("corrupt_stream", AttributeKind.Boolean, "Leaves the compression alone and destroys the stream on purpose.", false),
    ];

    /// <summary>How it gets along with permessage-deflate; null where it does no harm to a compressed stream.</summary>
    public DeflatePolicy? Deflate { get; init; }

    /// <summary>The decision about a message: a pure function of the key and the ordinal.</summary>
    public abstract MessageDecision Decide(StreamKey key, long message);

    /// <summary>Control frames that it swallows, by opcode.</summary>
    public virtual bool DropsControl(int opcode) => false;

    /// <summary>Messages that it releases a second, for a fault that models a rate; null for all others.</summary>
    public virtual Pacer? CreatePacer() => null;

    /// <summary>One pacer for all connections of the link.</summary>
    public virtual bool IsShared => false;
}

/// <summary>What to do about permessage-deflate (RFC 7692) where a fault would damage a compressed stream.</summary>
/// <param name="Handshake">"strip" or "no_context_takeover".</param>
/// <param name="CorruptStream">Act on connections with context takeover, too.</param>
internal sealed record DeflatePolicy(string Handshake, bool CorruptStream)
{
    public const string Strip = "strip";
    public const string NoContextTakeover = "no_context_takeover";

    public static DeflatePolicy Read(AttributeValues values) => new(values.Text("deflate"), values.Flag("corrupt_stream"));
}

/// <summary>A decision about one message.</summary>
/// <param name="Action">What happens to it.</param>
/// <param name="DelayUs">Delayed, reordered: how long it is held at most.</param>
/// <param name="Gap">Reordered: how many later messages go first.</param>
/// <param name="Bits">Random bits for what is altered, and where.</param>
/// <param name="MayBeOvertaken">Later messages need not wait for it.</param>
internal readonly record struct MessageDecision(FaultAction Action, long DelayUs = 0, int Gap = 0, ulong Bits = 0, bool MayBeOvertaken = false);
