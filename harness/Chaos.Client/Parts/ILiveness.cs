using Chaos.Client.Policies;

namespace Chaos.Client.Parts;

/// <summary>When a silent connection is dead.</summary>
public interface ILiveness
{
    /// <summary>Longest silence in milliseconds, or null for no limit.</summary>
    /// <param name="pingMs">Ping interval that the connect reply announced, in milliseconds; 0 when the gateway does not ping.</param>
    /// <param name="policy">The declared policy.</param>
    double? LongestSilenceMs(double pingMs, ClientPolicy policy);

    /// <summary>Interval of the client's own unasked heartbeats in milliseconds, or null for none.</summary>
    /// <param name="pingMs">As above.</param>
    double? HeartbeatMs(double pingMs);
}

/// <summary>The gateway pings: silence for the announced interval plus <see cref="ClientPolicy.PingSlackMs"/> is death. The client sends
/// nothing of its own, it only answers.</summary>
public sealed class PingDeadline : ILiveness
{
    /// <inheritdoc/>
    public double? LongestSilenceMs(double pingMs, ClientPolicy policy) => pingMs > 0 ? pingMs + policy.PingSlackMs : null;

    /// <inheritdoc/>
    public double? HeartbeatMs(double pingMs) => null;
}
