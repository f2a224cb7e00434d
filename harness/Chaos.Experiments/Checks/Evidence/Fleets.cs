using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>Which names and moments of a journal belong to the fleet.</summary>
internal static class Fleets
{
    /// <summary>
    /// Whether a name is a client of the fleet (<c>c-0001</c> onwards), and not a backstage publisher or a script's connection.
    /// </summary>
    public static bool IsClient(string? name) => name is not null && name.StartsWith("c-", StringComparison.Ordinal);

    /// <summary>Until when the journal may be judged: the start of teardown, or the last event.</summary>
    public static long EndUs(IReadOnlyList<JournalEvent> events) =>
        events.OfType<PhaseEntered>().FirstOrDefault(p => p.Phase == Phases.Teardown)?.At ?? (events.Count == 0 ? 0 : events[^1].At);

    /// <summary>
    /// Whether a name in the ledger is that fault of the timeline: the entry's name, followed by <c>#n</c> for occurrence n
    /// of one that repeats.
    /// </summary>
    public static bool IsFault(string? ledgerName, string timelineName) =>
        ledgerName is not null && ledgerName.StartsWith(timelineName, StringComparison.Ordinal)
        && (ledgerName.Length == timelineName.Length || ledgerName[timelineName.Length] == '#');

    /// <summary>The fault that an expectation is about: the option, else the window's own when it is named after a fault.</summary>
    public static string? FaultOf(CheckContext context, string? option) =>
        option ?? context.Definition.Timeline.Faults.FirstOrDefault(f => f.Name == context.Expectation.During)?.Name;

    /// <summary>Describes a fault of the timeline.</summary>
    public static FaultDefinition? Find(ExperimentDefinition definition, string? name) => definition.Timeline.Faults.FirstOrDefault(f => f.Name == name);
}
