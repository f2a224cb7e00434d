using System.Text.Json;
using Chaos.Client.Randomness;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Regions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Load.Feeds;

namespace Chaos.Experiments.Rehearsals;

/// <summary>
/// A cause in a running world. It lasts its time, unless an action takes its effect away: then its faults on that place are off, and when the
/// action is undone they are on again for what is left of their time.
/// </summary>
internal sealed class LiveCause(ExperimentDefinition experiment, CauseDefinition cause, long seed, World world, FaultInjector injector, ExperimentJournal journal, Clock clock)
    : IAsyncDisposable
{
    private const string FloodFault = "flood";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly HashSet<string> _spared = new(StringComparer.Ordinal);
    private readonly List<TimelineStep> _on = [];
    private readonly List<TimelineStep> _takenOff = [];
    private ChannelFlood? _flood;
    private long _beganUs;

    /// <summary>The channel that is flooded; null where none is.</summary>
    public string? FloodedChannel { get; } = cause.Flood is null ? null
        : FleetSpecs.Channels(experiment)[SeedTree.Stream(seed, "rehearsal", "channel").Next(experiment.Fleet.Channels)];

    /// <summary>Lets it happen, from its beginning to its own end.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        _beganUs = clock.NowUs;
        StartFlood();
        foreach (var step in TimelinePlan.Of(new TimelineDefinition { Faults = cause.Faults }, seed).Steps)
        {
            await UntilAsync(step.At, cancel).ConfigureAwait(false);
            await ApplyAsync(step, cancel).ConfigureAwait(false);
        }

        await UntilAsync(cause.Length, cancel).ConfigureAwait(false);
        await StopFloodAsync("schedule").ConfigureAwait(false);
        await injector.SettledAsync().ConfigureAwait(false);
    }

    /// <summary>The place that stands for where a region's clients are sent.</summary>
    public static string SteeringOf(string region) => $"{region} steering";

    /// <summary>Takes its faults on a place off.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> SpareAsync(string place, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            _spared.Add(place);
            var there = _on.Where(s => PlaceOf(s.Fault) == place).ToList();
            foreach (var step in there)
            {
                await injector.EndAsync(step with { On = false }, "mitigated", cancel).ConfigureAwait(false);
                _on.Remove(step);
                _takenOff.Add(step);
            }

            // What takes its time on nodes, such as a drain, must have happened before anybody is told so.
            await injector.SettledAsync().ConfigureAwait(false);
            return there.Count > 0;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Puts those on again whose time is not over.</summary>
    public async Task ReturnAsync(string place, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            _spared.Remove(place);
            foreach (var step in _takenOff.Where(s => PlaceOf(s.Fault) == place).ToList())
            {
                _takenOff.Remove(step);
                if (Elapsed >= step.At + step.Fault.For) continue;
                await injector.ApplyAsync(step, cancel).ConfigureAwait(false);
                _on.Add(step);
            }

            await injector.SettledAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopFloodAsync("undo").ConfigureAwait(false);
        _gate.Dispose();
    }

    private static string PlaceOf(FaultDefinition fault) => Steering.Does(fault) ? SteeringOf(fault.Between![0]) : fault.Place;

    private TimeSpan Elapsed => TimeSpan.FromMicroseconds(clock.NowUs - _beganUs);

    private async Task ApplyAsync(TimelineStep step, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var begun = _on.Find(s => s.Fault == step.Fault && s.Occurrence == step.Occurrence);
            if (step.On && _spared.Contains(PlaceOf(step.Fault))) _takenOff.Add(step);
            else if (step.On || begun is not null) await injector.ApplyAsync(step, cancel).ConfigureAwait(false);
            if (step.On && !_takenOff.Contains(step)) _on.Add(step);
            else if (begun is not null) _on.Remove(begun);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void StartFlood()
    {
        if (cause.Flood is not { } flood) return;
        var attributes = JsonSerializer.SerializeToElement(new Dictionary<string, double> { ["rate_per_s"] = flood.RatePerSecond, ["bytes"] = flood.Bytes });
        journal.Write(new FaultOn(FloodFault, 0, FloodedChannel!, FloodFault, "upstream", 1, attributes) { At = clock.NowUs });
        _flood = new ChannelFlood(world.ClientUrl(experiment.Fleet.Link), FleetSpecs.Tokens(world, clock), FloodedChannel!, flood.RatePerSecond, flood.Bytes, clock);
    }

    private async Task StopFloodAsync(string reason)
    {
        if (Interlocked.Exchange(ref _flood, null) is not { } flood) return;
        await flood.DisposeAsync().ConfigureAwait(false);
        journal.Write(new FaultOff(FloodFault, 0, FloodedChannel!, reason) { At = clock.NowUs });
    }

    private Task UntilAsync(TimeSpan offset, CancellationToken cancel)
    {
        var left = offset - Elapsed;
        return left > TimeSpan.Zero ? Task.Delay(left, clock.Time, cancel) : Task.CompletedTask;
    }
}
