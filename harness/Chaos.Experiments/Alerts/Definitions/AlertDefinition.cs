using System.Text.Json.Nodes;

namespace Chaos.Experiments.Alerts.Definitions;

/// <summary>An alert, as read from its file with defaults filled in. Pure data; it goes into the journal as it is.</summary>
public sealed record AlertDefinition
{
    /// <summary>Unique name, lower case with dashes; <c>alertname</c> in Prometheus.</summary>
    public required string Name { get; init; }

    /// <summary>What is wrong when it fires, as a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>Name of the condition, as in the catalogue of conditions.</summary>
    public required string Condition { get; init; }

    /// <summary>The condition's own options, windows among them.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>How long the condition must hold before the alert fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long it goes on firing after the condition no longer holds; 0 by default.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>The promise: it fires at most this long after its cause begins.</summary>
    public required TimeSpan Within { get; init; }

    /// <summary>One of <see cref="Severities"/>.</summary>
    public required string Severity { get; init; }

    /// <summary>The team that it is for, as in the file of who is on call.</summary>
    public required string Team { get; init; }

    /// <summary>What to do: a path or an address.</summary>
    public required string Runbook { get; init; }
}

/// <summary>How urgent an alert is.</summary>
public static class Severities
{
    /// <summary>Wakes whoever is on call.</summary>
    public const string Page = "page";

    /// <summary>Waits for working hours.</summary>
    public const string Ticket = "ticket";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Page, Ticket];
}

/// <summary>The alerts of one file.</summary>
/// <param name="Job">The job under which Prometheus scrapes the gateway nodes.</param>
/// <param name="Interval">Time between two evaluations.</param>
public sealed record AlertsDefinition(string Job, TimeSpan Interval, IReadOnlyList<AlertDefinition> Alerts);
