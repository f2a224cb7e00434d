using System.Globalization;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Checks.Alerts;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>What an experiment's expectations of alerts ask of the programs that evaluate and deliver them.</summary>
/// <param name="Compress">What every duration is divided by: a second of the run stands for so many.</param>
/// <param name="Clocks">Moments that the start of a fault, or of the phase of faults, stands for.</param>
public sealed record AlertingPlan(double Compress, IReadOnlyDictionary<string, DateTimeOffset> Clocks)
{
    /// <summary>Reads the expectations.</summary>
    /// <returns>The plan, null where nothing judges alerts; or what programs that run only once cannot do.</returns>
    public static (AlertingPlan? Plan, string? Problem) Of(ExperimentDefinition experiment)
    {
        var alerts = experiment.SteadyState.Concat(experiment.Expectations).Where(e => CheckCatalogue.Find(e.Check) is { NeedsAlerts: true }).ToList();
        if (alerts.Count == 0 || experiment.Alerts is null) return (null, null);
        var compress = alerts.Select(AlertEvidence.Compress.Of).Distinct().ToList();
        if (compress.Count > 1)
            return (null, $"its expectations of alerts compress time by {string.Join(" and ", compress.Select(c => c.ToString(CultureInfo.InvariantCulture)))}, and a Prometheus runs at one pace: give them the same `compress`");
        var clocks = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var e in alerts)
        {
            if (AlertCheck.Clock(e) is not { } clock) continue;
            if (e.During is Phases.Baseline or Phases.Recovery or "run")
                return (null, $"the clock of {e.Id} stands for the start of {e.During}, and an Alertmanager's for that of a fault: let it be during a fault, or `faults`");
            if (!clocks.TryAdd(e.During, clock) && clocks[e.During] != clock) return (null, $"the start of {e.During} stands for two moments, and an Alertmanager pages one person: give its expectations the same `clock`");
        }

        return (new AlertingPlan(compress[0], clocks), null);
    }
}
