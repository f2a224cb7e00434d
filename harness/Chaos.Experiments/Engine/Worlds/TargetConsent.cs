using System.Net;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>
/// Nothing beyond this machine is broken by a slip: the world's file and the command line must both name a target, host and port.
/// </summary>
public static class TargetConsent
{
    /// <summary>What is missing before experiments may run, as a message that says what to do; null when nothing is.</summary>
    /// <param name="experiments">What is to run.</param>
    /// <param name="allowed">Targets that the command line names, as host:port.</param>
    public static string? Missing(IEnumerable<ExperimentDefinition> experiments, IReadOnlyCollection<string> allowed)
    {
        foreach (var experiment in experiments)
        {
            foreach (var region in experiment.World.Regions)
            {
                if (region.External is { Address: { } address, Target: { } target } gateway && !IsHere(address) && Missing(experiment.World.Name, gateway, target, allowed) is { } missing)
                    return missing;
            }
        }

        return null;
    }

    /// <summary>Whether an address is on this machine by what it says: an address of the loopback network, or localhost.</summary>
    public static bool IsHere(Uri address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static string? Missing(string world, ExternalGatewayDefinition gateway, string target, IReadOnlyCollection<string> allowed)
    {
        var inFile = gateway.Allow.Contains(target, StringComparer.OrdinalIgnoreCase);
        var onCommandLine = allowed.Contains(target, StringComparer.OrdinalIgnoreCase);
        if (inFile && onCommandLine) return null;
        var steps = new List<string>();
        if (!inFile) steps.Add($"write allow: [ \"{target}\" ] below gateway: in the file of the world {world}");
        if (!onCommandLine) steps.Add($"add --allow-target {target}");
        return $"{target} is not on this machine, and experiments cut, silence and flood connections to it. If it is yours to break: {string.Join(", and ", steps)}. Nothing was started.";
    }
}
