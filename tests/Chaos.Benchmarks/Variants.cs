namespace Chaos.Benchmarks;

/// <summary>The ways to the echo server that are compared.</summary>
internal static class Variants
{
    /// <summary>No proxy between.</summary>
    public const string Direct = "direct";

    /// <summary>YARP as it comes, configured as the proxy configures it where that matters (no activity timeout, HTTP/1.1, no data rates).</summary>
    public const string Yarp = "yarp";

    /// <summary>A second process of plain YARP: what its ratio to the first differs from 1 by is noise of the measurement.</summary>
    public const string Control = "yarp-again";

    /// <summary>The proxy, with no fault.</summary>
    public const string Chaos = "chaos";

    /// <summary>The hidden command's name for the echo server itself.</summary>
    public const string Echo = "echo";
}
