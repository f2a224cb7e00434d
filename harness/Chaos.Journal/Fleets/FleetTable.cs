using Chaos.Journal.Events;

namespace Chaos.Journal.Fleets;

/// <summary>
/// The rows of a simulated fleet by client. It only points into the lines of the journal: eight bytes a row, and nothing is copied until
/// a client is read.
/// </summary>
public sealed class FleetTable
{
    private readonly List<FleetAttempts> _attemptLines = [];
    private readonly List<FleetCuts> _cutLines = [];
    private readonly ClientIndex _attempts;
    private readonly ClientIndex _cuts;

    private FleetTable(IEnumerable<JournalEvent> events, string? link)
    {
        foreach (var entry in events)
        {
            if (entry is FleetAttempts a && (link is null || a.Link == link)) _attemptLines.Add(a);
            if (entry is FleetCuts c && (link is null || c.Link == link)) _cutLines.Add(c);
        }

        _attempts = new ClientIndex(_attemptLines.ConvertAll(l => l.Client));
        _cuts = new ClientIndex(_cutLines.ConvertAll(l => l.Client));
    }

    /// <summary>Largest number of a client; 0 when there are no rows.</summary>
    public int Clients => _attempts.Clients;

    /// <summary>Indexes the rows of a journal; null when it holds none.</summary>
    /// <param name="events">Events of one experiment.</param>
    /// <param name="link">The link whose rows count; all when null.</param>
    public static FleetTable? Of(IEnumerable<JournalEvent> events, string? link)
    {
        var table = new FleetTable(events, link);
        return table.Clients == 0 ? null : table;
    }

    /// <summary>Reads what one client did, in order of time.</summary>
    /// <param name="client">Its number, from 1.</param>
    /// <param name="attempts">Emptied, then filled with its attempts.</param>
    /// <param name="cuts">Emptied, then filled with the ends of its connections.</param>
    public void Read(int client, List<FleetAttempt> attempts, List<FleetCut> cuts)
    {
        attempts.Clear();
        cuts.Clear();
        foreach (var place in _attempts.Of(client)) attempts.Add(_attemptLines[place.Line].Row(place.Row));
        foreach (var place in _cuts.Of(client)) cuts.Add(_cutLines[place.Line].Row(place.Row));
        attempts.Sort(static (a, b) => a.DialledUs.CompareTo(b.DialledUs));
        cuts.Sort(static (a, b) => a.CutUs.CompareTo(b.CutUs));
    }
}
