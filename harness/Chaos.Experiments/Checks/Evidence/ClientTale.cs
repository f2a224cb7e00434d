using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>What a client says of itself: when it began to dial, and when it heard that a connection or attempt was over.</summary>
internal sealed record ClientTale(List<long> Starts, List<long> Ends)
{
    /// <summary>The tales of all clients of a journal, by name.</summary>
    public static Dictionary<string, ClientTale> All(IReadOnlyList<JournalEvent> events)
    {
        var all = new Dictionary<string, ClientTale>();
        foreach (var entry in events)
        {
            if (entry is ClientAttempt attempt) For(attempt.Client).Starts.Add(attempt.At);
            if (entry is ClientDisconnected ended) For(ended.Client).Ends.Add(ended.At);
        }

        return all;

        ClientTale For(string client) => all.TryGetValue(client, out var tale) ? tale : all[client] = new ClientTale([], []);
    }

    /// <summary>How often it dialled in a stretch of time, both ends included.</summary>
    public int Attempts(long from, long until) => Index(Starts, until + 1) - Index(Starts, from);

    /// <summary>What of a gap the client was not waiting, in milliseconds; null when it does not tell.</summary>
    public double? OverheadMs(long from, long until)
    {
        var last = Index(Starts, until + 1) - 1;
        if (last < 0 || Starts[last] < from) return null;
        var heard = Index(Ends, from);
        var notice = heard < Ends.Count && Ends[heard] <= Starts[last] ? Ends[heard] - from : 0;
        return (until - Starts[last] + notice) / 1000.0;
    }

    private static int Index(List<long> sorted, long from)
    {
        var index = sorted.BinarySearch(from);
        return index < 0 ? ~index : index;
    }
}
