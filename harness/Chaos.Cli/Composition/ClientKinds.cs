using Chaos.Client.Parts;
using Chaos.Experiments.Engine.Runs;
using Chaos.Load.External;
using Chaos.Load.Fleets;
using Chaos.Mutants;

namespace Chaos.Cli.Composition;

/// <summary>Reference clients, and the third-party clients of the clients folder.</summary>
internal sealed class ClientKinds : IClientKinds
{
    private readonly IReadOnlyList<ExternalClient> _external = ExternalClients.Discover(Layout.Clients);

    /// <inheritdoc />
    public string? WhyUnavailable(string client) => client == "reference" ? null : Find(client).WhyUnavailable();

    /// <inheritdoc />
    public Task PrepareAsync(string client, CancellationToken cancel) => client == "reference" ? Task.CompletedTask : Find(client).PrepareAsync(cancel);

    /// <inheritdoc />
    public IFleet Create(string client, FleetSpec spec, string? mutant)
    {
        if (client != "reference") return new ExternalFleet(spec, Find(client));
        var parts = mutant is null ? null : ((ClientMutant)MutantCatalogue.Find(mutant)!).Change(ClientParts.Reference);
        return new ReferenceFleet(spec, parts);
    }

    private ExternalClient Find(string client) => _external.First(c => c.Name == client);
}
