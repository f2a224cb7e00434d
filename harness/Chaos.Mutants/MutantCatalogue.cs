namespace Chaos.Mutants;

/// <summary>Every mutant there is.</summary>
public static class MutantCatalogue
{
    private static readonly Dictionary<string, Mutant> ByName =
        Clients.ClientMutants.All.Concat<Mutant>(Gateways.GatewayMutants.All).Concat(Rules.AlertMutants.All).ToDictionary(mutant => mutant.Name, StringComparer.Ordinal);

    /// <summary>All mutants, clients first, then gateways and alerts, in the order of their catalogues.</summary>
    public static IReadOnlyList<Mutant> All { get; } = [.. Clients.ClientMutants.All, .. Gateways.GatewayMutants.All, .. Rules.AlertMutants.All];

    /// <summary>The mutant of that name, or null.</summary>
    public static Mutant? Find(string name) => ByName.GetValueOrDefault(name);
}
