using Chaos.Journal.Events;

namespace Chaos.Live.Fold;

/// <summary>What is wrong in a rehearsal: the person who goes through the runbook is to find it out, so it is told when the rehearsal is over.</summary>
internal sealed class Secret
{
    private List<JournalEvent>? _kept;

    /// <summary>Whether something is kept back, what was planned included.</summary>
    public bool IsKept => _kept is not null;

    /// <summary>The events to show now that this one has happened.</summary>
    public IReadOnlyList<JournalEvent> Pass(JournalEvent e)
    {
        if (e is RehearsalStarted { Mode: RehearsalModes.Person }) _kept = [];
        if (_kept is not { } kept) return [e];
        if (e is RehearsalEnded or ExperimentEnded)
        {
            _kept = null;
            return [.. kept, e];
        }

        if (e is not (FaultOn or FaultOff or RehearsalMoment { Moment: RehearsalMoments.Began })) return [e];
        kept.Add(e);
        return [];
    }
}
