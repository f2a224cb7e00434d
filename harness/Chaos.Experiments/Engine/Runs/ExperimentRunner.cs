using System.Globalization;
using Chaos.Client.Randomness;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Alerting;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Experiments.Files;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>
/// Runs one experiment: world, baseline, faults, recovery, settle, teardown. Whatever happens, faults are undone, clients
/// leave and processes end before it returns.
/// </summary>
public sealed class ExperimentRunner(PlannedRun run, long seed, EngineServices services, ExperimentJournal journal, Clock clock) : IDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _end = new();
    private readonly ExperimentDefinition _experiment = run.Experiment;
    private string? _endReason;
    private string? _endMessage;
    private string _phase = Phases.World;

    /// <summary>Runs it to its end.</summary>
    /// <param name="interrupt">Ends it early; everything is undone all the same.</param>
    public async Task RunAsync(CancellationToken interrupt)
    {
        journal.Write(new ExperimentStarted(_experiment.Title, _experiment.ChecklistText, seed, run.Mutant, DefinitionJson.ToJson(_experiment)) { At = clock.NowUs, Again = run.Again });
        await using var registration = interrupt.Register(() => End(EndReason.Interrupted, "interrupted")).ConfigureAwait(false);
        try
        {
            await RunInWorldAsync(_end.Token).ConfigureAwait(false);
            End(EndReason.Completed, null);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // End() has said why.
        }
        catch (Exception e)
        {
            // The boundary of an experiment: whatever failed is recorded, makes its verdict an error, and leaves the others running.
            journal.Write(new HarnessFailed("engine", e.Message) { At = clock.NowUs });
            End(EndReason.Error, e.Message);
        }

        journal.Write(new ExperimentEnded(_endReason!, _endMessage) { At = clock.NowUs });
    }

    /// <inheritdoc />
    public void Dispose() => _end.Dispose();

    private async Task RunInWorldAsync(CancellationToken cancel)
    {
        Enter(Phases.World);
        // Whatever starts is followed from its start.
        var targets = new NodeTargets();
        journal.Wrote += targets.Follow;
        await using var world = await World.StartAsync(_experiment, SeedTree.Derive(seed, "proxy"), MutantOf("gateway."), services.Processes, journal, clock, cancel).ConfigureAwait(false);
        await using var alerting = await StartAlertingAsync(targets, cancel).ConfigureAwait(false);
        await using var testbed = new Testbed(_experiment, world, seed, MutantOf("client."), services.Clients, journal, clock);
        var ticking = Task.CompletedTask;
        using var stopTicking = new CancellationTokenSource();
        try
        {
            var live = await testbed.Fleet.StartAsync(Testbed.ConnectTimeout, cancel).ConfigureAwait(false);
            testbed.Fleet.StartFeed();
            await testbed.WarmUpAsync(cancel).ConfigureAwait(false);
            ticking = Task.Run(() => TickAsync(world, alerting, testbed, stopTicking.Token), CancellationToken.None);
            if (!live) End(EndReason.BaselineNotMet, $"{testbed.Fleet.Snapshot().Connected} of {_experiment.Fleet.Count} clients connected within {Testbed.ConnectTimeout.TotalSeconds:0} s{WhyNotConnected()}");
            cancel.ThrowIfCancellationRequested();
            if (alerting is not null) await alerting.ReadyAsync(cancel).ConfigureAwait(false);
            await RunPhasesAsync(world, alerting, testbed, cancel).ConfigureAwait(false);
        }
        finally
        {
            Enter(Phases.Teardown);
            await stopTicking.CancelAsync().ConfigureAwait(false);
            await ticking.ConfigureAwait(false);
        }
    }

    /// <summary>Programs for alerts beside the world, where there are to be any and something judges alerts.</summary>
    private async Task<PrometheusAlerting?> StartAlertingAsync(NodeTargets targets, CancellationToken cancel)
    {
        if (services.Alerting is not { } setup || AlertingPlan.Of(_experiment).Plan is not { } plan) return null;
        var expected = new DutyClock(plan, TimelinePlan.Of(_experiment.Timeline, seed), clock.NowUs + (long)(Testbed.WarmUp + _experiment.Timeline.Baseline).TotalMicroseconds);
        return await PrometheusAlerting.StartAsync(setup, plan, _experiment, targets, expected, services.Processes, journal, clock, cancel).ConfigureAwait(false);
    }

    private async Task RunPhasesAsync(World world, PrometheusAlerting? alerting, Testbed testbed, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var planned = RunPlannedPhasesAsync(world, alerting, testbed, stop.Token);
        await Task.WhenAny(planned, journal.Halted).ConfigureAwait(false);
        if (!planned.IsCompleted) await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await planned.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (journal.Halted.IsCompleted && !cancel.IsCancellationRequested)
        {
            // The plan ends here, not the experiment.
        }

        if (journal.Halted.IsCompleted) await RecoverFromHaltAsync(testbed.Injector, cancel).ConfigureAwait(false);
    }

    /// <summary>There is no fault any more. The world goes on for the time of its recovery, so that whoever pressed the button sees whether that helped.</summary>
    private async Task RecoverFromHaltAsync(FaultInjector injector, CancellationToken cancel)
    {
        await injector.HaltedAsync().ConfigureAwait(false);
        if (_phase is Phases.Baseline or Phases.Faults)
        {
            Enter(Phases.Recovery);
            await DelayAsync(_experiment.Timeline.Recovery, cancel).ConfigureAwait(false);
        }

        var reason = await journal.Halted.ConfigureAwait(false);
        End(EndReason.Interrupted, $"all faults were halted{(reason is null ? "" : $": {reason}")}");
        cancel.ThrowIfCancellationRequested();
    }

    private async Task RunPlannedPhasesAsync(World world, PrometheusAlerting? alerting, Testbed testbed, CancellationToken cancel)
    {
        var from = Enter(Phases.Baseline);
        await DelayAsync(_experiment.Timeline.Baseline, cancel).ConfigureAwait(false);
        if (Judge.UnmetSteadyState(_experiment, journal.Snapshot(), new(from, clock.NowUs)) is { } unmet)
        {
            End(EndReason.BaselineNotMet, unmet);
            cancel.ThrowIfCancellationRequested();
        }

        Enter(Phases.Faults);
        var scripts = ScriptBench.RunAllAsync(_experiment, world, journal, clock, cancel);
        await RunTimelineAsync(alerting, testbed.Injector, cancel).ConfigureAwait(false);
        await scripts.ConfigureAwait(false);

        Enter(Phases.Recovery);
        await DelayAsync(_experiment.Timeline.Recovery, cancel).ConfigureAwait(false);

        Enter(Phases.Settle);
        await testbed.Fleet.StopFeedAsync(_experiment.Timeline.Settle, cancel).ConfigureAwait(false);
        await testbed.Fleet.DrainAsync(_experiment.Timeline.Settle, cancel).ConfigureAwait(false);
        await Histories.WriteAsync(world, _experiment.World, FleetSpecs.Channels(_experiment), FleetSpecs.Tokens(world, clock), journal, clock, cancel).ConfigureAwait(false);
        if (alerting is not null) await alerting.SettledAsync(cancel).ConfigureAwait(false);
    }

    private async Task RunTimelineAsync(PrometheusAlerting? alerting, FaultInjector injector, CancellationToken cancel)
    {
        var plan = TimelinePlan.Of(_experiment.Timeline, seed);
        var start = clock.NowUs;
        alerting?.TimelineBegins(plan, start);
        foreach (var step in plan.Steps)
        {
            await DelayUntilAsync(start, step.At, cancel).ConfigureAwait(false);
            await injector.ApplyAsync(step, cancel).ConfigureAwait(false);
            services.Observer.Fault(run, $"{step.Fault.Type} on {step.Fault.Place}", step.On);
        }

        await DelayUntilAsync(start, plan.Length, cancel).ConfigureAwait(false);
        await injector.SettledAsync().ConfigureAwait(false);
    }

    private async Task TickAsync(World world, PrometheusAlerting? alerting, Testbed testbed, CancellationToken cancel)
    {
        var stop = new StopConditions(_experiment.StopWhen, clock);
        var start = clock.NowUs;
        using var timer = new PeriodicTimer(TickInterval, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false))
            {
                var figures = testbed.Fleet.Snapshot();
                services.Observer.Tick(run, figures, testbed.Injector.Active, TimeSpan.FromMicroseconds(clock.NowUs - start));
                if ((world.Dead ?? alerting?.Dead) is { } dead) End(EndReason.Error, $"{dead.Name} ended by itself: {dead.LastWords}");
                if (stop.Observe(figures) is not { } met) continue;
                journal.Write(met);
                End(EndReason.Aborted, $"{met.Condition}: {met.Observed:0.##} is above {met.Limit:0.##}");
            }
        }
        catch (OperationCanceledException)
        {
            // The experiment is over.
        }
    }

    private string WhyNotConnected() => journal.Snapshot().OfType<ClientDisconnected>().LastOrDefault() is { } last
        ? $"; {last.Client} was last told: {string.Join(' ', new[] { last.Cause, last.Code?.ToString(CultureInfo.InvariantCulture), last.Reason }.Where(word => !string.IsNullOrEmpty(word)))}" : "";

    private string? MutantOf(string kind) => run.Mutant?.StartsWith(kind, StringComparison.Ordinal) == true ? run.Mutant : null;

    private long Enter(string phase)
    {
        var at = clock.NowUs;
        _phase = phase;
        journal.Write(new PhaseEntered(phase) { At = at });
        services.Observer.Phase(run, phase);
        return at;
    }

    private void End(string reason, string? message)
    {
        if (Interlocked.CompareExchange(ref _endReason, reason, null) is not null) return;
        _endMessage = message;
        _end.Cancel();
    }

    private Task DelayAsync(TimeSpan time, CancellationToken cancel) => Task.Delay(time, clock.Time, cancel);

    private Task DelayUntilAsync(long startUs, TimeSpan offset, CancellationToken cancel)
    {
        var left = offset - TimeSpan.FromMicroseconds(clock.NowUs - startUs);
        return left > TimeSpan.Zero ? DelayAsync(left, cancel) : Task.CompletedTask;
    }
}
