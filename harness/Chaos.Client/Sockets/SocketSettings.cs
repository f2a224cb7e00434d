namespace Chaos.Client.Sockets;

/// <summary>What a client says and does below its protocol: in the handshake, right after it, and to keep the connection alive.</summary>
public sealed record SocketSettings
{
    /// <summary>Nothing beyond the address.</summary>
    public static SocketSettings None { get; } = new();

    /// <summary>Headers of the handshake request, such as <c>Authorization</c>. <c>Host</c> takes the place of the address's own.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Subprotocols that are offered, the most wanted first. The gateway chooses one of them, or none.</summary>
    public IReadOnlyList<string> Subprotocols { get; init; } = [];

    /// <summary>Text frame that is sent once the handshake is done, or null. Clients that speak a protocol have a first message of their own.</summary>
    public string? Hello { get; init; }

    /// <summary>Time from one WebSocket ping to the next; <see cref="TimeSpan.Zero"/> for none, which is the default: where a protocol has a
    /// heartbeat of its own, pings below it would hide what is tested.</summary>
    public TimeSpan PingInterval { get; init; }
}
