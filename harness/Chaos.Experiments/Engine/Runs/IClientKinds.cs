using Chaos.Load.Fleets;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>The kinds of client that fleets may consist of.</summary>
public interface IClientKinds
{
    /// <summary>Why clients of this kind cannot run here, or null when they can.</summary>
    string? WhyUnavailable(string client);

    /// <summary>Gets ready what the kind needs, such as the packages of a Node client. Returns at once when there is nothing to do.</summary>
    Task PrepareAsync(string client, CancellationToken cancel);

    /// <summary>Makes a fleet.</summary>
    /// <param name="client">Kind of client.</param>
    /// <param name="spec">What the fleet needs.</param>
    /// <param name="mutant">Name of a client mutant, or null for the reference.</param>
    IFleet Create(string client, FleetSpec spec, string? mutant);
}
