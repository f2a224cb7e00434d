using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Expressions;

namespace Chaos.Experiments.Alerts.Evaluation;

/// <summary>What became of an alert.</summary>
internal enum AlertState
{
    /// <summary>Its condition holds, not yet long enough.</summary>
    Pending,

    /// <summary>Its condition has held for the hold time.</summary>
    Firing,

    /// <summary>It fired, and its condition no longer holds.</summary>
    Resolved,

    /// <summary>It was pending, and its condition no longer holds.</summary>
    Dropped,
}

/// <summary>A change of an alert's state.</summary>
/// <param name="AtMs">When it was evaluated, in milliseconds since the epoch.</param>
/// <param name="Alert">The alert.</param>
/// <param name="Labels">Labels of the value that made it.</param>
/// <param name="State">The new state.</param>
/// <param name="Value">The value then; of one that ended, the last.</param>
internal readonly record struct AlertChange(long AtMs, AlertDefinition Alert, LabelSet Labels, AlertState State, double Value);

/// <summary>A stretch of time in which an alert fired, for one label set or several at once: what its owner gets to know of.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="FromMs">When the first of them fired.</param>
/// <param name="ToMs">When the last of them was resolved; null while one fires.</param>
/// <param name="Labels">The label sets that fired.</param>
/// <param name="Told">Who was told, in order of time; null where it was evaluated and nobody was.</param>
internal sealed record Firing(AlertDefinition Alert, long FromMs, long? ToMs, IReadOnlyList<LabelSet> Labels, IReadOnlyList<string>? Told = null);
