using Chaos.Client.Machine;

namespace Chaos.Client.Sockets;

internal enum MailKind : byte
{
    Start,
    Stop,
    Subscribe,
    Publish,
    Opened,
    Received,
    Ended,
    TokenFetched,
    TokenFailed,
    Looked,
    Tick,
}

/// <summary>One input on its way to the machine, stamped with the time it came at and not the time it is handled at.</summary>
internal readonly record struct Mail(MailKind Kind, TimeSpan At)
{
    public int Connection { get; init; }
    public TokenPurpose Purpose { get; init; }
    public int? Code { get; init; }

    /// <summary>Channel, or cause of an end.</summary>
    public string? Name { get; init; }

    /// <summary>Token, idempotency key, reason or error.</summary>
    public string? Text { get; init; }
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The pooled array under <see cref="Data"/>, given back once handled; null when not pooled.</summary>
    public byte[]? Pooled { get; init; }
}
