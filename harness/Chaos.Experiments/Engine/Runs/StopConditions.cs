using Chaos.Experiments.Definitions;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Load.Fleets;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>Watches the live figures for conditions that end an experiment early.</summary>
public sealed class StopConditions(IReadOnlyList<StopConditionDefinition> conditions, Clock clock)
{
    private readonly Dictionary<string, long> _since = [];
    private FleetSnapshot? _last;

    /// <summary>Takes new figures; returns the condition that has now been met for its whole time, or null.</summary>
    public StopConditionMet? Observe(FleetSnapshot figures)
    {
        var previous = _last ?? figures;
        _last = figures;
        foreach (var condition in conditions)
        {
            var value = Figure(condition.Figure, figures, previous);
            if (value <= condition.Above)
            {
                _since.Remove(condition.Name);
                continue;
            }

            var since = _since.TryGetValue(condition.Name, out var first) ? first : _since[condition.Name] = clock.NowUs;
            if (clock.NowUs - since >= condition.For.Ticks / TimeSpan.TicksPerMicrosecond)
                return new StopConditionMet(condition.Name, value, condition.Above) { At = clock.NowUs };
        }

        return null;
    }

    private static double Figure(string figure, FleetSnapshot now, FleetSnapshot before) => figure switch
    {
        "disconnected_share" => 1 - (now.Connected / (double)now.Clients),
        "delivery_p99_ms" => now.DeliveryP99Ms,
        "publish_error_share" => Share(now.PublishErrors - before.PublishErrors, now.Acked - before.Acked),
        "harness_memory_mib" => Environment.WorkingSet / 1048576.0,
        _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, "Unknown figure of a stop condition."),
    };

    private static double Share(long errors, long successes) => errors + successes == 0 ? 0 : errors / (double)(errors + successes);
}
