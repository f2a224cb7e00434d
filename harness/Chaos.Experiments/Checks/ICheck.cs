using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks;

/// <summary>
/// A kind of expectation: a pure function of the journal. It must be inconclusive, never met, without enough data.
/// A check that throws makes the experiment a probe-error.
/// </summary>
public interface ICheck
{
    /// <summary>Name as in <c>check:</c>.</summary>
    string Name { get; }

    /// <summary>What it shows, in a sentence.</summary>
    string Summary { get; }

    /// <summary>
    /// What it finds depends on how soon something happened, so a machine that others keep busy can break it. False where only
    /// what happened counts.
    /// </summary>
    bool IsTimed { get; }

    /// <summary>JSON Schema of its options: an object with <c>properties</c> (each with description and default) and <c>required</c>.</summary>
    JsonObject OptionsSchema { get; }

    /// <summary>Options that a budget may set, each with its key in the file of budgets (<see cref="BudgetKeys"/>).</summary>
    IReadOnlyDictionary<string, string> Budgets => System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>Whether it judges alerts, so that the experiment needs the file of them.</summary>
    bool NeedsAlerts => false;

    /// <summary>Whether it judges the proxy's own metrics, so that they must be sampled.</summary>
    bool ReadsProxy => false;

    /// <summary>Judges.</summary>
    ExpectationResult Evaluate(CheckContext context);
}

/// <summary>What a check may look at.</summary>
/// <param name="Events">All events of this experiment, in order of time.</param>
/// <param name="Definition">The experiment.</param>
/// <param name="Expectation">The expectation to judge.</param>
/// <param name="Window">The time to judge.</param>
public sealed record CheckContext(IReadOnlyList<JournalEvent> Events, ExperimentDefinition Definition, ExpectationDefinition Expectation, Window Window);

/// <summary>A stretch of time: microseconds since the epoch, the start in, the end out.</summary>
public readonly record struct Window(long FromUs, long ToUs)
{
    /// <summary>Whether a moment lies in it.</summary>
    public bool Contains(long us) => us >= FromUs && us < ToUs;

    /// <summary>Its length.</summary>
    public TimeSpan Length => TimeSpan.FromMicroseconds(ToUs - FromUs);
}
