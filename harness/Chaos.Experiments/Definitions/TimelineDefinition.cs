using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Chaos.Experiments.Definitions;

/// <summary>When things happen. The phases follow one another: baseline, faults, recovery, settle.</summary>
public sealed record TimelineDefinition
{
    /// <summary>Length of the steady state before any fault; 3 s by default.</summary>
    public TimeSpan Baseline { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Faults, timed from the start of the faults phase.</summary>
    public IReadOnlyList<FaultDefinition> Faults { get; init; } = [];

    /// <summary>Least length of the faults phase; it lasts at least until the last fault is removed.</summary>
    public TimeSpan FaultsAtLeast { get; init; }

    /// <summary>Length of the steady state after the faults; 3 s by default.</summary>
    public TimeSpan Recovery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest wait, after the feed stops, for what was acknowledged to be delivered everywhere; 5 s by default.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>A fault on a link, on a node, or between regions, for a time.</summary>
public sealed record FaultDefinition
{
    /// <summary>Unique in the experiment; expectations name it in <c>during</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The link it is put on; empty for a fault on a node or between regions.</summary>
    public string Link { get; init; } = "";

    /// <summary>The gateway node it is put on, such as <c>eu.gateway-2</c>; null for a fault on a link.</summary>
    public string? Node { get; init; }

    /// <summary>The two regions it is put between; the second may be <c>others</c>, all regions but the first. Null for a fault on a link or a node.</summary>
    public IReadOnlyList<string>? Between { get; init; }

    /// <summary>Where it is: the link, the node or the regions, as in <c>eu↔us</c>.</summary>
    [JsonIgnore]
    public string Place => Node ?? (Between is null ? Link : string.Join('↔', Between));

    /// <summary>Type, as in the proxy's catalogue or in that of node faults.</summary>
    public required string Type { get; init; }

    /// <summary>When, from the start of the faults phase.</summary>
    public TimeSpan At { get; init; }

    /// <summary>How long each occurrence lasts.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>"upstream", "downstream" or "both".</summary>
    public string Stream { get; init; } = "downstream";

    /// <summary>Share of connections it takes hold of, 0..1.</summary>
    public double Toxicity { get; init; } = 1;

    /// <summary>Which connections and messages it takes hold of, as the proxy describes it; null for all.</summary>
    public JsonObject? Target { get; init; }

    /// <summary>Attributes as the catalogue names them.</summary>
    public JsonObject Attributes { get; init; } = [];

    /// <summary>Repeats the fault; null for once.</summary>
    public RepeatDefinition? Repeat { get; init; }
}

/// <summary>Repetition of a fault.</summary>
/// <param name="Every">Time from one start to the next.</param>
/// <param name="Count">How often in all.</param>
/// <param name="Jitter">Each start is moved by a uniform draw from ± this, from the experiment's seed.</param>
public sealed record RepeatDefinition(TimeSpan Every, int Count, TimeSpan Jitter);
