using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Chaos.Gateway.Settings;

/// <summary>Limits of connections, frames, messages and queues.</summary>
public sealed record LimitSettings
{
    [Description("Connections of this node; more are refused at the handshake with 503.")]
    [Range(1, 10_000_000)]
    public int MaxConnections { get; init; } = 9_000;

    [Description("Connections of one user on this node; more are closed with 3504.")]
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerUser { get; init; } = 1_000;

    [Description("Subscriptions of one connection; more get error 106, and a client that keeps on asking is closed with 3505.")]
    [Range(1, 100_000)]
    public int MaxChannels { get; init; } = 128;

    [Description("Refusals for too many channels before close 3505.")]
    [Range(1, 100_000)]
    public int ChannelLimitStrikes { get; init; } = 16;

    [Description("Longest channel name, in bytes.")]
    [Range(3, 1_024)]
    public int MaxChannelBytes { get; init; } = 255;

    [Description("Largest WebSocket message from a client, in bytes; a larger one is closed with 1009.")]
    [Range(128, 16_777_216)]
    public int MaxFrameBytes { get; init; } = 131_072;

    [Description("Largest protocol message (one line of a frame), in bytes; a larger one is closed with 1009.")]
    [Range(128, 16_777_216)]
    public int MaxMessageBytes { get; init; } = 65_536;

    [Description("Deepest nesting of published data; deeper is error 107.")]
    [Range(1, 60)]
    public int MaxJsonDepth { get; init; } = 32;

    [Description("Messages that may wait for one client; above it the client is closed with 3008.")]
    [Range(1, 1_000_000)]
    public int QueueMessages { get; init; } = 4_096;

    [Description("Bytes that may wait for one client; above it the client is closed with 3008.")]
    [Range(1_024, 268_435_456)]
    public int QueueBytes { get; init; } = 1_048_576;

    [Description("Commands of one connection a second, over a burst of twice as many; more get error 111.")]
    [Range(1, 1_000_000)]
    public int CommandsPerSecond { get; init; } = 1_000;

    [Description("Refusals for too many commands before close 3013.")]
    [Range(1, 1_000_000)]
    public int CommandStrikes { get; init; } = 1_000;

    [Description("Commands of one connection in progress; then nothing more is read from it.")]
    [Range(1, 10_000)]
    public int CommandsInProgress { get; init; } = 64;

    [Description("Handshakes a second, over a burst of twice as many; more are refused with 503.")]
    [Range(1, 10_000_000)]
    public int HandshakesPerSecond { get; init; } = 1_000;

    [Description("Connections that have not authenticated yet; more are refused with 503.")]
    [Range(1, 10_000_000)]
    public int MaxUnauthenticated { get; init; } = 2_000;

    [Description("Longest wait for the connect command, in milliseconds; then close 3502.")]
    [Range(50, 600_000)]
    public int ConnectTimeoutMs { get; init; } = 10_000;

    [Description("Longest wait for a client to take a close frame and answer it, in milliseconds; then the socket is dropped.")]
    [Range(10, 600_000)]
    public int CloseTimeoutMs { get; init; } = 5_000;
}
