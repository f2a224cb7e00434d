using Chaos.Experiments.Definitions;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Sockets;

namespace Chaos.Simulation.Model;

/// <summary>The gateway nodes of the fleet's region. Each admits by the gateway's own code and limits; requests go to them in turn.</summary>
internal sealed class Gateways
{
    private readonly HandshakeLimits[] _nodes;
    private long _requests;

    /// <param name="experiment">Says how many nodes, and their settings.</param>
    public Gateways(ExperimentDefinition experiment)
    {
        Limits = GatewaySettings.Parse(experiment.Gateway.ToJsonString()).Limits;
        var region = experiment.World.Regions.First(r => experiment.Fleet.Link.StartsWith(r.Name + ".", StringComparison.Ordinal));
        _nodes = [.. Enumerable.Range(0, region.Gateways).Select(_ => new HandshakeLimits(Limits, TimeSpan.Zero))];
    }

    /// <summary>The limits of each node.</summary>
    public LimitSettings Limits { get; }

    /// <summary>Handshakes that all nodes together take each second.</summary>
    public long HandshakesPerSecond => (long)Limits.HandshakesPerSecond * _nodes.Length;

    /// <summary>Connections that all nodes together hold.</summary>
    public long MaxConnections => (long)Limits.MaxConnections * _nodes.Length;

    /// <summary>A request arrives at the next node.</summary>
    /// <returns>The node when it takes it, else null.</returns>
    public ushort? Admit(TimeSpan now)
    {
        var node = (ushort)(_requests++ % _nodes.Length);
        return _nodes[node].Refuse(now) is null ? node : null;
    }

    /// <summary>A connect command arrived.</summary>
    public void Authenticated(ushort node) => _nodes[node].Authenticated();

    /// <summary>A connection is over.</summary>
    public void Ended(ushort node, bool authenticated) => _nodes[node].Ended(authenticated);
}
