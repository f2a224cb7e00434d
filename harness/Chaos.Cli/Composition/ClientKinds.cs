using Chaos.Client.Parts;
using Chaos.Client.Plain;
using Chaos.Experiments.Engine.Runs;
using Chaos.Load.External;
using Chaos.Load.Fleets;
using Chaos.Load.Plain;
using Chaos.Mutants;

namespace Chaos.Cli.Composition;

/// <summary>Reference clients, clients that know no more than WebSocket, and the third-party clients of the clients folder.</summary>
internal sealed class ClientKinds : IClientKinds
{
    private readonly IReadOnlyList<ExternalClient> _external = ExternalClients.Discover(Layout.Clients);

    /// <inheritdoc />
    public string? WhyUnavailable(string client) => IsBuiltIn(client) ? null : Find(client).WhyUnavailable();

    /// <inheritdoc />
    public Task PrepareAsync(string client, CancellationToken cancel) => IsBuiltIn(client) ? Task.CompletedTask : Find(client).PrepareAsync(cancel);

    /// <inheritdoc />
    public IFleet Create(string client, FleetSpec spec, string? mutant)
    {
        if (!IsBuiltIn(client)) return new ExternalFleet(spec, Find(client));
        return client == PlainFleet.Name ? new PlainFleet(spec, Parts(mutant, PlainClient.DefaultParts)) : new ReferenceFleet(spec, Parts(mutant, ClientParts.Reference));
    }

    private static bool IsBuiltIn(string client) => client is "reference" or PlainFleet.Name;

    private static ClientParts Parts(string? mutant, ClientParts parts) => mutant is null ? parts : ((ClientMutant)MutantCatalogue.Find(mutant)!).Change(parts);

    private ExternalClient Find(string client) => _external.First(c => c.Name == client);
}
