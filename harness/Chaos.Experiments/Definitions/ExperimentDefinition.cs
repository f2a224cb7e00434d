using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Chaos.Experiments.Definitions;

/// <summary>One experiment, as read from its file with defaults filled in. Pure data; it goes into the journal as it is.</summary>
public sealed record ExperimentDefinition
{
    /// <summary>Unique name, lower case with dashes: <c>backoff-jitter</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it shows, as a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>The lines of the checklist that it is for, the first being the main one.</summary>
    [JsonConverter(typeof(OneOrMany))]
    public required IReadOnlyList<string> Checklist { get; init; }

    /// <summary>The same lines as one text.</summary>
    [JsonIgnore]
    public string ChecklistText => string.Join("; ", Checklist);

    /// <summary>Free words to choose experiments by; <c>wire</c>: needs no cooperation of the gateway, <c>quick</c>: under half a minute.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The world it runs in.</summary>
    public required WorldDefinition World { get; init; }

    /// <summary>Settings of the gateway that differ from its defaults, as the gateway's own settings file has them (snake_case JSON).</summary>
    public JsonObject Gateway { get; init; } = [];

    /// <summary>The clients.</summary>
    public required FleetDefinition Fleet { get; init; }

    /// <summary>What may run beside it.</summary>
    public MachineUse Machine { get; init; }

    /// <summary>Protocol scripts that run beside the fleet in the faults phase.</summary>
    public IReadOnlyList<ScriptDefinition> Scripts { get; init; } = [];

    /// <summary>What must hold before the first fault and again after the last.</summary>
    public IReadOnlyList<ExpectationDefinition> SteadyState { get; init; } = [];

    /// <summary>When things happen.</summary>
    public required TimelineDefinition Timeline { get; init; }

    /// <summary>Conditions that end the run early.</summary>
    public IReadOnlyList<StopConditionDefinition> StopWhen { get; init; } = [];

    /// <summary>What is judged.</summary>
    public required IReadOnlyList<ExpectationDefinition> Expectations { get; init; }

    /// <summary>The alerts that expectations judge, with who is on call for them; null where none does.</summary>
    public Files.OwnedAlerts? Alerts { get; init; }

    /// <summary>The mutants it must catch.</summary>
    public IReadOnlyList<MutantExpectation> Mutants { get; init; } = [];

    /// <summary>The file it came from, relative to the working folder where that is possible.</summary>
    public string File { get; init; } = "";
}

/// <summary>A mutant that the experiment must catch, and the expectation that must be the one to break.</summary>
/// <param name="Name">Name of the mutant, such as <c>client.fixed-delay</c>.</param>
/// <param name="KilledBy">Id of the expectation that names the fault.</param>
public sealed record MutantExpectation(string Name, string KilledBy);

/// <summary>An expectation or a steady-state condition: a check with its options.</summary>
/// <param name="Id">Unique in the experiment.</param>
/// <param name="Check">Name of the check, as in the catalogue of checks.</param>
/// <param name="During">Window: a phase (<c>baseline</c>, <c>faults</c>, <c>recovery</c>, <c>run</c>) or the name of a fault.
/// Steady-state conditions are judged in <c>baseline</c> and in <c>recovery</c>, whatever this says.</param>
/// <param name="Options">The check's own options, those that come from a budget among them.</param>
/// <param name="Budget">Name of the budget that options come from, or null.</param>
public sealed record ExpectationDefinition(string Id, string Check, string During, JsonObject Options, string? Budget = null);

/// <summary>Ends the run early when a live figure passes its limit.</summary>
/// <param name="Name">Unique in the experiment.</param>
/// <param name="Figure">"disconnected_share" (0..1), "delivery_p99_ms", "publish_error_share" (0..1), "harness_memory_mib".</param>
/// <param name="Above">Limit; the condition is met above it.</param>
/// <param name="For">How long it must be above.</param>
public sealed record StopConditionDefinition(string Name, string Figure, double Above, TimeSpan For);
