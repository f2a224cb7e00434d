using System.Text.Json.Nodes;

namespace Chaos.Experiments.Definitions;

/// <summary>What to do in an incident, with a world to rehearse it in; as read from its file with defaults filled in.</summary>
public sealed record RunbookDefinition
{
    /// <summary>Unique name, lower case with dashes.</summary>
    public required string Id { get; init; }

    /// <summary>When it is taken to hand, as a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>The world that it is rehearsed in.</summary>
    public required WorldDefinition World { get; init; }

    /// <summary>Settings of the gateway that differ from its defaults.</summary>
    public JsonObject Gateway { get; init; } = [];

    /// <summary>The clients; they have a feed.</summary>
    public required FleetDefinition Fleet { get; init; }

    /// <summary>What is so all the time, before the incident and after it; no action takes it away.</summary>
    public IReadOnlyList<FaultDefinition> Standing { get; init; } = [];

    /// <summary>Time without any fault, 3 s by default.</summary>
    public TimeSpan Baseline { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The cause begins so long after the baseline at most; when, the seed decides. 0 by default.</summary>
    public TimeSpan BeginsWithin { get; init; }

    /// <summary>A rehearsal that is not over after this is broken off.</summary>
    public required TimeSpan GivesUpAfter { get; init; }

    /// <summary>How long an action may take to show; then whoever follows the runbook undoes it and goes on. 20 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>When the system counts as stable.</summary>
    public required StabilityDefinition Stable { get; init; }

    /// <summary>What automatic rehearsals must show.</summary>
    public DemandsDefinition Demands { get; init; } = new();

    /// <summary>What may be wrong.</summary>
    public required IReadOnlyList<CauseDefinition> Causes { get; init; }

    /// <summary>What to do, in this order.</summary>
    public required IReadOnlyList<RunbookStep> Steps { get; init; }

    /// <summary>The file it came from, relative to the working folder where that is possible.</summary>
    public string File { get; init; } = "";
}

/// <summary>When the system is stable.</summary>
/// <param name="Budget">The bounds of publish to delivered.</param>
/// <param name="For">How long all bounds must be met; 60 s by default.</param>
/// <param name="ErrorShare">Share of publishes that may be refused, 0 to 1.</param>
/// <param name="ConnectedShare">Least share of clients that are connected, 0 to 1.</param>
public sealed record StabilityDefinition(BudgetDefinition Budget, TimeSpan For, double ErrorShare, double ConnectedShare);

/// <summary>What automatic rehearsals must show.</summary>
/// <param name="Named">Share of them in which the cause is named, 0 to 1; 0.95 by default.</param>
/// <param name="OfTime">Most that the median time to stability may be of that without the runbook; 0.5 by default.</param>
public sealed record DemandsDefinition(double Named = 0.95, double OfTime = 0.5);

/// <summary>Something that may be wrong.</summary>
/// <param name="Name">Unique in the runbook; what is named when the incident is diagnosed.</param>
/// <param name="Title">It as a sentence.</param>
/// <param name="Faults">The faults that it is made of, timed from its beginning.</param>
/// <param name="Flood">Traffic that it is made of, or null.</param>
public sealed record CauseDefinition(string Name, string Title, IReadOnlyList<FaultDefinition> Faults, FloodDefinition? Flood)
{
    /// <summary>When it is over by itself, from its beginning.</summary>
    public TimeSpan Length => Faults.Select(f => f.At + f.For + ((f.Repeat?.Every ?? TimeSpan.Zero) * ((f.Repeat?.Count ?? 1) - 1))).Append(Flood?.For ?? TimeSpan.Zero).Max();
}

/// <summary>One client that publishes far too much to one of the fleet's channels; which one, the seed decides.</summary>
/// <param name="RatePerSecond">Messages a second, 1 to 10,000.</param>
/// <param name="Bytes">Size of a payload, 64 to 65,536.</param>
/// <param name="For">How long, unless the channel is limited before.</param>
public sealed record FloodDefinition(double RatePerSecond, int Bytes, TimeSpan For);

/// <summary>A step of a runbook.</summary>
/// <param name="Id">Unique in the runbook.</param>
/// <param name="Title">What to do, as a sentence.</param>
/// <param name="Checklist">The line of the checklist that it is, or null.</param>
/// <param name="Look">Indicators to look at.</param>
/// <param name="Probe">What is found there, or null.</param>
/// <param name="Action">What to do about it, or null.</param>
/// <param name="Hint">For who does not know what to make of it, or null.</param>
public sealed record RunbookStep(string Id, string Title, string? Checklist, IReadOnlyList<string> Look, ProbeDefinition? Probe, RunbookAction? Action, string? Hint);

/// <summary>What a step finds: the median of an indicator's readings over a time, against a limit.</summary>
/// <param name="Indicator">Name of the indicator.</param>
/// <param name="IsAbove">Whether it finds its cause above the limit, or below it.</param>
/// <param name="Limit">The limit, in the unit of the indicator.</param>
/// <param name="Over">The time, back from now.</param>
/// <param name="Cause">The cause that it finds.</param>
/// <param name="Node">The gateway process that is looked at, or null for all together.</param>
public sealed record ProbeDefinition(string Indicator, bool IsAbove, double Limit, TimeSpan Over, string Cause, string? Node);

/// <summary>What a step does. All of it can be undone.</summary>
public abstract record RunbookAction
{
    /// <summary>It in words, as an order.</summary>
    public abstract string Words { get; }
}

/// <summary>Lets the traffic of a link take its spare way, on which the trouble of the first is not. Undone, it goes the first way again.</summary>
/// <param name="Link">The link.</param>
public sealed record RerouteAction(string Link) : RunbookAction
{
    /// <inheritdoc />
    public override string Words => $"let {Link} take its spare way";
}

/// <summary>Takes back what regional steering was changed to: new connections of a region's clients go to that region again. Undone, they go where they went before.</summary>
/// <param name="Region">The region whose clients they are.</param>
public sealed record SteerHomeAction(string Region) : RunbookAction
{
    /// <inheritdoc />
    public override string Words => $"let the clients of {Region} go to {Region} again";
}

/// <summary>Limits a channel through the gateway's admin API. Undone, the limit is lifted.</summary>
/// <param name="Channel">The channel; <see cref="Hottest"/> for the one with most deliveries in the last five seconds.</param>
/// <param name="PerSecond">Publishes a second that it is limited to.</param>
/// <param name="For">How long.</param>
public sealed record LimitAction(string Channel, int PerSecond, TimeSpan For) : RunbookAction
{
    /// <summary>The hottest channel.</summary>
    public const string Hottest = "hottest";

    /// <inheritdoc />
    public override string Words => $"limit {(Channel == Hottest ? "the hottest channel" : Channel)} to {PerSecond} publishes a second";
}

/// <summary>Rolls a node back to the release before, draining. Undone, it gets the new release again.</summary>
/// <param name="Node">The node.</param>
public sealed record RollbackAction(string Node) : RunbookAction
{
    /// <inheritdoc />
    public override string Words => $"roll back {Node}";
}
