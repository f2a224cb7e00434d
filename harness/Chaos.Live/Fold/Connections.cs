using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Fold;

/// <summary>Who is connected, where, and how often clients come back.</summary>
internal sealed class Connections(int expected, Seconds seconds)
{
    private readonly Dictionary<string, string?> _nodeOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<int> _bySecond = [];
    private readonly SimulatedClients _simulated = new(seconds);
    private readonly Count _reconnects = new(seconds);
    private readonly Count _attempts = new(seconds);

    public void Take(JournalEvent e)
    {
        switch (e)
        {
            case ClientAttempt attempt:
                _attempts.Add(attempt.At);
                break;
            case ClientConnected connected:
                if (!_known.Add(connected.Client)) _reconnects.Add(connected.At);
                _nodeOf[connected.Client] = connected.Node;
                Note(connected.At);
                break;
            case FleetAttempts attempts:
                _simulated.Take(attempts, _attempts, _reconnects);
                break;
            case FleetCuts cuts:
                _simulated.Take(cuts);
                break;
            case ClientDisconnected gone when _nodeOf.Remove(gone.Client):
                Note(gone.At);
                break;
        }
    }

    /// <summary>Clients that are connected to a node.</summary>
    public int On(string node) => _nodeOf.Values.Count(n => n == node);

    public ConnectionsView View(long nowUs) => new(expected, _nodeOf.Count + _simulated.Connected, _reconnects.PerSecond(nowUs), _reconnects.Total, _attempts.PerSecond(nowUs));

    public IReadOnlyList<int> ReconnectSeries(long nowUs) => _reconnects.Series(nowUs);

    /// <summary>Connected at the end of each second.</summary>
    public IReadOnlyList<int> ConnectedSeries(long nowUs)
    {
        FillTo(seconds.Of(nowUs));
        return [.. _bySecond.Zip(_simulated.Series(_bySecond.Count - 1), (real, simulated) => real + simulated)];
    }

    private void Note(long atUs)
    {
        var second = seconds.Of(atUs);
        FillTo(second);
        // Lines of one client are in order, those of several nearly so: the last one tells.
        _bySecond[^1] = _nodeOf.Count;
    }

    private void FillTo(int second)
    {
        while (_bySecond.Count <= second) _bySecond.Add(_bySecond.Count == 0 ? 0 : _bySecond[^1]);
    }
}
