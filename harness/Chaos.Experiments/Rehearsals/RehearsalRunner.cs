using System.Globalization;
using System.Threading.Channels;
using Chaos.Client.Randomness;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Experiments.Files;
using Chaos.Journal;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Rehearsals;

/// <summary>
/// The shell of a rehearsal: a world with a fleet, the cause, and somebody in the seat. Everything that happens goes through one mailbox to the
/// state machine, which says what is to be done. Whatever happens, faults are undone and processes end before it returns.
/// </summary>
public sealed class RehearsalRunner(PlannedRehearsal plan, EngineServices services, IRehearsalSeat seat, ExperimentJournal journal, Clock clock)
{
    /// <summary>The longest time that a probe may look back over, and the span of its rates.</summary>
    private static readonly TimeSpan KeptMetrics = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(500);
    /// <summary>Longest wait, after the baseline, for a busy machine to let the budgets be met.</summary>
    private static readonly TimeSpan WellWithin = TimeSpan.FromSeconds(30);

    private readonly Channel<RehearsalInput> _mail = Channel.CreateUnbounded<RehearsalInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Rehearsal _rehearsal = new(plan.Runbook, plan.Cause);
    private readonly VitalSigns _signs = new(plan.Runbook.Fleet);
    private readonly List<MetricsSampled> _metrics = [];
    private readonly ExperimentDefinition _experiment = plan.Experiment;
    private readonly Lock _heardLock = new();
    private int _heard;
    private volatile bool _isWell;
    private Task _lastAct = Task.CompletedTask;

    /// <summary>Runs it to its end.</summary>
    /// <param name="interrupt">Ends it early; everything is undone all the same.</param>
    public async Task RunAsync(CancellationToken interrupt)
    {
        journal.Write(new ExperimentStarted(_experiment.Title, _experiment.ChecklistText, plan.Seed, null, DefinitionJson.ToJson(_experiment)) { At = clock.NowUs });
        journal.Write(plan.Started(clock.NowUs));
        var (reason, message) = (EndReason.Completed, (string?)null);
        try
        {
            await RunInWorldAsync(interrupt).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            (reason, message) = (EndReason.Interrupted, "interrupted");
        }
        catch (BaselineException e)
        {
            (reason, message) = (EndReason.BaselineNotMet, e.Message);
        }
        catch (Exception e)
        {
            // The boundary of a rehearsal: whatever failed is recorded, and leaves the others running.
            journal.Write(new HarnessFailed("rehearsal", e.Message) { At = clock.NowUs });
            (reason, message) = (EndReason.Error, e.Message);
        }

        journal.Write(new ExperimentEnded(reason, message) { At = clock.NowUs });
        if (message is not null) seat.Show($"Ended: {message}.", ShownAs.Refusal);
    }

    private async Task RunInWorldAsync(CancellationToken interrupt)
    {
        Enter(Phases.World);
        await using var world = await World.StartAsync(_experiment, SeedTree.Derive(plan.Seed, "proxy"), null, services.Processes, journal, clock, interrupt).ConfigureAwait(false);
        await using var testbed = new Testbed(_experiment, world, plan.Seed, null, services.Clients, journal, clock);
        var cause = new LiveCause(_experiment, plan.Cause, plan.Seed, world, testbed.Injector, journal, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        List<Task> sides = [];
        try
        {
            var live = await testbed.Fleet.StartAsync(Testbed.ConnectTimeout, interrupt).ConfigureAwait(false);
            if (!live) throw new BaselineException($"{testbed.Fleet.Snapshot().Connected} of {_experiment.Fleet.Count} clients connected");
            foreach (var standing in plan.Runbook.Standing) await testbed.Injector.ApplyAsync(new TimelineStep(TimeSpan.Zero, standing, 0, On: true), interrupt).ConfigureAwait(false);
            testbed.Fleet.StartFeed();
            await testbed.WarmUpAsync(interrupt).ConfigureAwait(false);
            sides.Add(BesideAsync(ReadAsync, end.Token));
            sides.Add(BesideAsync(cancel => BeginAsync(cause, cancel), end.Token));
            sides.Add(BesideAsync(HaltedAsync, end.Token));
            if (seat.Commands is not null) sides.Add(BesideAsync(ListenAsync, end.Token));
            await HandleAsync(world, new RunbookHands(world, [.. _experiment.World.Regions.Select(r => LinkNames.Clients(r.Name))], cause, () => Hottest()?.Channel, Limited), end.Token).ConfigureAwait(false);
        }
        finally
        {
            Enter(Phases.Teardown);
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll([_lastAct, .. sides]).ConfigureAwait(false);
            await cause.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task HandleAsync(World world, RunbookHands hands, CancellationToken cancel)
    {
        await foreach (var input in _mail.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            if (world.Dead is { } dead) throw new Engine.Processes.WorldException($"{dead.Name} ended by itself: {dead.LastWords}");
            foreach (var effect in _rehearsal.Handle(input))
            {
                if (effect is RehearsalEffect.Finish) return;
                Carry(effect, hands, cancel);
            }

            foreach (var command in seat.Hear(input, _rehearsal)) _mail.Writer.TryWrite(new RehearsalInput.Said(clock.NowUs, command));
        }
    }

    private void Carry(RehearsalEffect effect, RunbookHands hands, CancellationToken cancel)
    {
        switch (effect)
        {
            case RehearsalEffect.Record record:
                journal.Write(record.Entry);
                break;
            case RehearsalEffect.Show show:
                seat.Show(show.Text, show.As);
                break;
            case RehearsalEffect.ShowStep show:
                seat.ShowStep(show.Step);
                break;
            case RehearsalEffect.Look look:
                _mail.Writer.TryWrite(new RehearsalInput.Seen(clock.NowUs, look.Step, Looked(plan.Runbook.Steps[look.Step])));
                break;
            case RehearsalEffect.Ask ask:
                _mail.Writer.TryWrite(new RehearsalInput.Answered(clock.NowUs, ask.Step, Probes.Evaluate(plan.Runbook.Steps[ask.Step].Probe!, Metrics(), clock.NowUs)));
                break;
            case RehearsalEffect.Do act:
                // One after another, while everything else goes on: a drain takes seconds.
                _lastAct = ActAsync(_lastAct, hands, act, cancel);
                break;
        }
    }

    private async Task ActAsync(Task before, RunbookHands hands, RehearsalEffect.Do act, CancellationToken cancel)
    {
        await before.ConfigureAwait(false);
        var action = plan.Runbook.Steps[act.Step].Action!;
        try
        {
            var outcome = await (act.Undo ? hands.UndoAsync(action, cancel) : hands.DoAsync(action, cancel)).ConfigureAwait(false);
            _mail.Writer.TryWrite(new RehearsalInput.Acted(clock.NowUs, act.Step, act.Undo, outcome.Ok, outcome.Helped, outcome.Text));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The rehearsal is over.
        }
        catch (Exception e)
        {
            _mail.Writer.TryComplete(e);
        }
    }

    private string Looked(RunbookStep step)
    {
        var (now, metrics) = (clock.NowUs, Metrics());
        var parts = step.Look.Select(name => Probes.Latest(name, metrics, now) is var (value, unit) && value is { } v
            ? string.Create(CultureInfo.InvariantCulture, $"{name} {v:0.#} {unit}") : $"{name} no reading").ToList();
        if (step.Action is SteerHomeAction && Probes.ByRegion(metrics, now) is { } regions) parts.Add(regions);
        if (step.Action is LimitAction && Hottest() is var (channel, share)) parts.Add(string.Create(CultureInfo.InvariantCulture, $"hottest channel {channel} with {share:0 %} of all deliveries"));
        return parts.Count == 0 ? "This step looks at nothing that is measured." : string.Join(", ", parts);
    }

    private IReadOnlyList<MetricsSampled> Metrics()
    {
        lock (_heardLock)
        {
            Hear();
            return [.. _metrics];
        }
    }

    private void Limited(string channel, bool on)
    {
        lock (_heardLock) _signs.Limited(channel, on);
    }

    private (string Channel, double Share)? Hottest()
    {
        lock (_heardLock)
        {
            Hear();
            return _signs.Hottest(clock.NowUs);
        }
    }

    /// <summary>Takes in what the world has written since the last time.</summary>
    private void Hear()
    {
        var fresh = journal.Since(_heard);
        _heard += fresh.Count;
        foreach (var entry in fresh)
        {
            _signs.Add(entry);
            if (entry is MetricsSampled sample) _metrics.Add(sample);
        }

        _metrics.RemoveAll(s => s.At < clock.NowUs - (long)KeptMetrics.TotalMicroseconds);
    }

    /// <summary>Reads the vital signs, twice a second.</summary>
    private async Task ReadAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(ReadEvery, clock.Time);
        while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false))
        {
            Vitals vitals;
            lock (_heardLock)
            {
                Hear();
                vitals = _signs.At(clock.NowUs);
                _isWell = vitals.Broken(plan.Runbook.Stable).Count == 0;
            }

            _mail.Writer.TryWrite(new RehearsalInput.Read(clock.NowUs, vitals));
        }
    }

    /// <summary>The baseline, and then the cause to its own end.</summary>
    private async Task BeginAsync(LiveCause cause, CancellationToken cancel)
    {
        Enter(Phases.Baseline);
        await Task.Delay(plan.Runbook.Baseline + plan.BeginsAfter, clock.Time, cancel).ConfigureAwait(false);
        var deadline = clock.NowUs + (long)WellWithin.TotalMicroseconds;
        while (!_isWell)
        {
            if (clock.NowUs > deadline) throw new BaselineException($"the budgets were not met before there was any fault, {WellWithin.TotalSeconds:0} s long");
            await Task.Delay(ReadEvery, clock.Time, cancel).ConfigureAwait(false);
        }

        Enter(Phases.Faults);
        _mail.Writer.TryWrite(new RehearsalInput.Began(clock.NowUs));
        await cause.RunAsync(cancel).ConfigureAwait(false);
        _mail.Writer.TryWrite(new RehearsalInput.PassedBy(clock.NowUs));
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await foreach (var command in seat.Commands!.ReadAllAsync(cancel).ConfigureAwait(false)) _mail.Writer.TryWrite(new RehearsalInput.Said(clock.NowUs, command));
    }

    /// <summary>Whoever presses the proxy's stop button, on the live page for one, ends the rehearsal as <c>halt</c> does.</summary>
    private async Task HaltedAsync(CancellationToken cancel)
    {
        await journal.Halted.WaitAsync(cancel).ConfigureAwait(false);
        _mail.Writer.TryWrite(new RehearsalInput.Said(clock.NowUs, new RehearsalCommand.Halt()));
    }

    /// <summary>Runs something beside the state machine; what fails there ends the rehearsal.</summary>
    private async Task BesideAsync(Func<CancellationToken, Task> run, CancellationToken cancel)
    {
        try
        {
            await run(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The rehearsal is over.
        }
        catch (Exception e)
        {
            _mail.Writer.TryComplete(e);
        }
    }

    private void Enter(string phase) => journal.Write(new PhaseEntered(phase) { At = clock.NowUs });

    /// <summary>The system was not well before there was any fault, so nothing can be learnt.</summary>
    private sealed class BaselineException(string message) : Exception(message);
}
