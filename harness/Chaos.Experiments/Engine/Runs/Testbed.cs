using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Machine;
using Chaos.Experiments.Engine.Nodes;
using Chaos.Experiments.Engine.Regions;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Load.Fleets;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>What an experiment or a rehearsal plays on in a running world: its clients, whoever brings faults about, and whoever takes readings.</summary>
public sealed class Testbed : IAsyncDisposable
{
    /// <summary>Longest that connecting the fleet may take.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Time between the last connect and the baseline. Connections made at once are slow at first: code is compiled, pools fill. None of that is judged.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(3);

    private readonly NodeFaults _nodes;
    private readonly MetricsSampler _metrics;
    private readonly MachineSampler _machine;

    /// <summary>Sets it up; readings are taken from now on, and no client connects yet.</summary>
    /// <param name="experiment">What is played.</param>
    /// <param name="world">Its world.</param>
    /// <param name="seed">Seed of the experiment.</param>
    /// <param name="clientMutant">The broken client to use; null for the reference.</param>
    /// <param name="clients">Where clients come from.</param>
    /// <param name="journal">Where all of it is written.</param>
    /// <param name="clock">The run's clock.</param>
    public Testbed(ExperimentDefinition experiment, World world, long seed, string? clientMutant, IClientKinds clients, ExperimentJournal journal, Clock clock)
    {
        Fleet = clients.Create(experiment.Fleet.Client, FleetSpecs.Of(experiment, world, seed, journal, clock), clientMutant);
        _nodes = new NodeFaults(world, journal, clock);
        Injector = new FaultInjector(experiment.World, world.Proxy, _nodes, new Steering(world, experiment.World, journal, clock), journal, clock);
        _metrics = new MetricsSampler(world, journal, clock);
        _machine = new MachineSampler(journal, clock, Environment.ProcessId);
    }

    /// <summary>The clients.</summary>
    public IFleet Fleet { get; }

    /// <summary>Begins and ends the faults.</summary>
    public FaultInjector Injector { get; }

    /// <summary>Undoes every fault; then the clients leave, and the readings end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Injector.UndoAsync().ConfigureAwait(false);
        }
        finally
        {
            // A fault that cannot be undone is no reason to leave clients behind.
            await Injector.DisposeAsync().ConfigureAwait(false);
            using var leave = new CancellationTokenSource(LeaveTimeout);
            await Fleet.StopAsync(leave.Token).ConfigureAwait(false);
            await Fleet.DisposeAsync().ConfigureAwait(false);
            await _metrics.DisposeAsync().ConfigureAwait(false);
            await _machine.DisposeAsync().ConfigureAwait(false);
            _nodes.Dispose();
        }
    }
}
