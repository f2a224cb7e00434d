using Chaos.Journal.Events;
using Chaos.Journal.Fleets;

namespace Chaos.Simulation.Model;

/// <summary>Gathers what clients do until there is enough for a line of the journal. Attempts of one answer share a line, and so do cuts of one fault.</summary>
/// <param name="link">The fleet's link.</param>
/// <param name="answers">What the numbers of answers mean.</param>
/// <param name="originUs">When the simulation began, in microseconds since the epoch.</param>
/// <param name="write">Takes the lines.</param>
internal sealed class ColumnWriter(string link, Answers answers, long originUs, Action<JournalEvent> write)
{
    private const int RowsOfLine = 16_384;

    private readonly List<List<AttemptRow>> _attempts = [];
    private readonly SortedDictionary<string, List<CutRow>> _cuts = new(StringComparer.Ordinal);

    /// <summary>An attempt has come to its end.</summary>
    /// <param name="client">Index of the client.</param>
    /// <param name="of">The client as it stands.</param>
    /// <param name="heard">When it heard of the refusal or had the connect reply; null when it never did.</param>
    public void Attempt(int client, in SimulatedClient of, TimeSpan? heard)
    {
        while (_attempts.Count <= of.Answer) _attempts.Add(new List<AttemptRow>(RowsOfLine));
        var rows = _attempts[of.Answer];
        var (dialled, arrived) = (Us(of.Dialled), Us(of.Arrived));
        rows.Add(new AttemptRow(client + 1, of.Attempt, of.DelayUs, dialled, (int)(arrived - dialled), heard is { } h ? (int)(Us(h) - arrived) : -1));
        if (rows.Count == RowsOfLine) Flush(of.Answer);
    }

    /// <summary>An established connection was cut.</summary>
    public void Cut(int client, string fault, TimeSpan cut, TimeSpan heard)
    {
        if (!_cuts.TryGetValue(fault, out var rows)) _cuts[fault] = rows = new List<CutRow>(RowsOfLine);
        rows.Add(new CutRow(client + 1, Us(cut), (int)(Us(heard) - Us(cut))));
        if (rows.Count == RowsOfLine) Flush(fault, rows);
    }

    /// <summary>Writes everything that is gathered.</summary>
    public void Flush()
    {
        for (var answer = 0; answer < _attempts.Count; answer++) Flush(answer);
        foreach (var (fault, rows) in _cuts) Flush(fault, rows);
    }

    private void Flush(int number)
    {
        var rows = _attempts[number];
        if (rows.Count == 0) return;
        var answer = answers[number];
        var at = rows.Min(row => row.DialledUs);
        write(new FleetAttempts(link, answer.Status, answer.By, answer.Fault, [.. rows.Select(r => r.Client)], Column(rows, r => r.Attempt), Column(rows, r => r.DelayUs),
            Column(rows, r => (int)(r.DialledUs - at)), Column(rows, r => r.ArrivedUs), [0], Column(rows, r => r.HeardUs)) { At = originUs + at });
        rows.Clear();
    }

    private void Flush(string fault, List<CutRow> rows)
    {
        if (rows.Count == 0) return;
        var at = rows.Min(row => row.CutUs);
        write(new FleetCuts(link, "fault", "rst", fault, [.. rows.Select(r => r.Client)], Column(rows, r => (int)(r.CutUs - at)), Column(rows, r => r.HeardUs)) { At = originUs + at });
        rows.Clear();
    }

    private static int[] Column<T>(List<T> rows, Func<T, int> member)
    {
        var column = new int[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = member(rows[i]);
        return Columns.Written(column);
    }

    private static long Us(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly record struct AttemptRow(int Client, int Attempt, int DelayUs, long DialledUs, int ArrivedUs, int HeardUs);

    private readonly record struct CutRow(int Client, long CutUs, int HeardUs);
}
