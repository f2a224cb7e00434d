using Chaos.Client.Parts;
using Chaos.Experiments.Files;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos.Mutants;

/// <summary>The reference, broken in one named way that has been seen in real projects. An experiment that lists it must catch it.</summary>
/// <param name="Name">Unique, such as <c>client.no-delay</c>.</param>
/// <param name="Summary">What is wrong with it, in a sentence.</param>
public abstract record Mutant(string Name, string Summary);

/// <summary>A broken client.</summary>
/// <param name="Name">As in <see cref="Mutant"/>.</param>
/// <param name="Summary">As in <see cref="Mutant"/>.</param>
/// <param name="Change">Replaces the broken part. Parts hold no state of a client, so it may be applied once for a whole fleet.</param>
public sealed record ClientMutant(string Name, string Summary, Func<ClientParts, ClientParts> Change) : Mutant(Name, Summary);

/// <summary>A broken gateway.</summary>
/// <param name="Name">As in <see cref="Mutant"/>.</param>
/// <param name="Summary">As in <see cref="Mutant"/>.</param>
/// <param name="Change">Replaces the broken service; applied after the gateway has registered its own.</param>
public sealed record GatewayMutant(string Name, string Summary, Action<IServiceCollection> Change) : Mutant(Name, Summary);

/// <summary>Broken alerts, or a broken way to find their owner.</summary>
/// <param name="Name">As in <see cref="Mutant"/>.</param>
/// <param name="Summary">As in <see cref="Mutant"/>.</param>
/// <param name="Change">Breaks the alerts of an experiment before it is run.</param>
public sealed record AlertMutant(string Name, string Summary, Func<OwnedAlerts, OwnedAlerts> Change) : Mutant(Name, Summary);
