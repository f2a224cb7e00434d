namespace Chaos.Cli.Stores;

/// <summary>How a real <c>redis-server</c> keeps what it has.</summary>
internal static class RedisOptions
{
    /// <summary>
    /// Everything goes to a log before it is acknowledged. Whether the disk has it too does not matter here: the system keeps what was written when a
    /// process is killed, and the machine goes on.
    /// </summary>
    public static IReadOnlyList<string> Durable { get; } = ["--save", "", "--appendonly", "yes", "--appendfsync", "no"];
}
