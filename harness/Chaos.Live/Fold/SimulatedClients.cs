using Chaos.Journal.Events;

namespace Chaos.Live.Fold;

/// <summary>
/// The clients of a simulation. Its lines hold thousands of rows each and are not in order of time, so everything is counted by the second in which
/// it happened, and a figure is right as soon as the lines of its second are there.
/// </summary>
internal sealed class SimulatedClients(Seconds seconds)
{
    private readonly HashSet<int> _known = [];
    private readonly List<int> _change = [];

    /// <summary>Clients that are connected, by the lines so far.</summary>
    public int Connected { get; private set; }

    /// <summary>Takes attempts of one outcome.</summary>
    /// <param name="line">The line.</param>
    /// <param name="attempts">Counts attempts.</param>
    /// <param name="reconnects">Counts clients that come back.</param>
    public void Take(FleetAttempts line, Count attempts, Count reconnects)
    {
        var rows = Enumerable.Range(0, line.Client.Length).Select(line.Row).ToList();
        foreach (var (at, times) in seconds.Counted(rows.Select(r => r.DialledUs))) attempts.Add(at, times);
        var open = rows.Where(r => r is { IsOpen: true, HeardUs: not null }).ToList();
        foreach (var row in open) Change(row.HeardUs!.Value, 1);
        foreach (var (at, times) in seconds.Counted(open.Where(r => !_known.Add(r.Client)).Select(r => r.HeardUs!.Value))) reconnects.Add(at, times);
    }

    /// <summary>Takes connections that ended.</summary>
    public void Take(FleetCuts line)
    {
        for (var i = 0; i < line.Client.Length; i++) Change(line.Row(i).HeardUs, -1);
    }

    /// <summary>Connected at the end of each second, up to one.</summary>
    public IEnumerable<int> Series(int last)
    {
        var connected = 0;
        for (var second = 0; second <= last; second++)
        {
            if (second < _change.Count) connected += _change[second];
            yield return connected;
        }
    }

    private void Change(long atUs, int by)
    {
        Connected += by;
        var second = seconds.Of(atUs);
        while (_change.Count <= second) _change.Add(0);
        _change[second] += by;
    }
}
