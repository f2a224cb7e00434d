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

    /// <summary>
    /// Longest that the baseline of an experiment which does not share the machine waits, beyond that, for it to be calm. Eight new processes on 2
    /// cores took all there is for 2 to 6 s after the first message, compiling what they use most, and a percentile of that time is no measure of anything.
    /// </summary>
    private static readonly TimeSpan CalmTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Idle share of the processors from which the machine is calm; where it does not tell, it passes for calm.</summary>
    private const double Calm = 0.2;

    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(3);

    private readonly ExperimentDefinition _experiment;
    private readonly Clock _clock;
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
        (_experiment, _clock) = (experiment, clock);
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

    /// <summary>Waits, while messages flow, until what happens is what would happen an hour later.</summary>
    public async Task WarmUpAsync(CancellationToken cancel)
    {
        await Task.Delay(WarmUp, _clock.Time, cancel).ConfigureAwait(false);
        var deadline = _clock.NowUs + (long)CalmTimeout.TotalMicroseconds;
        while (_experiment.Machine != MachineUse.Shared && _machine.IdleLately < Calm && _clock.NowUs < deadline) await Task.Delay(MachineSampler.Interval, _clock.Time, cancel).ConfigureAwait(false);
    }

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
