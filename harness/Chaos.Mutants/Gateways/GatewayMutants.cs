namespace Chaos.Mutants.Gateways;

/// <summary>The broken gateways.</summary>
internal static class GatewayMutants
{
    internal static IReadOnlyList<GatewayMutant> All { get; } = [];
}
