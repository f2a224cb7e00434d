using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>What checks ask of a simulated fleet as a whole.</summary>
internal static class SimulatedFleet
{
    /// <summary>How many simulated clients were connected just before a moment; null when none had tried.</summary>
    /// <param name="events">Events of one experiment.</param>
    /// <param name="us">The moment, microseconds since the epoch.</param>
    public static int? ConnectedAt(IReadOnlyList<JournalEvent> events, long us)
    {
        // When each client last heard that it was connected, and that it was not; 0 for never.
        long[] up = [], down = [];
        foreach (var entry in events)
        {
            switch (entry)
            {
                case FleetAttempts { Status: 101 } line:
                    for (var row = 0; row < line.Client.Length; row++)
                        if (line.Row(row) is { HeardUs: { } heard } attempt) Note(ref up, attempt.Client, heard);
                    break;
                case FleetCuts line:
                    for (var row = 0; row < line.Client.Length; row++) Note(ref down, line.Client[row], line.Row(row).HeardUs);
                    break;
            }
        }

        if (!events.OfType<FleetAttempts>().Any(line => line.At < us)) return null;
        var connected = 0;
        for (var client = 0; client < up.Length; client++)
            if (up[client] > (client < down.Length ? down[client] : 0)) connected++;
        return connected;

        void Note(ref long[] last, int client, long at)
        {
            if (at >= us) return;
            if (client >= last.Length) Array.Resize(ref last, Math.Max(client + 1, 2 * last.Length));
            last[client] = Math.Max(last[client], at);
        }
    }

    /// <summary>When the handshakes of simulated clients arrived on a link, in no order; microseconds since the epoch.</summary>
    public static IEnumerable<long> Arrivals(IReadOnlyList<JournalEvent> events, string link)
    {
        foreach (var line in events.OfType<FleetAttempts>().Where(line => line.Link == link))
            for (var row = 0; row < line.Client.Length; row++) yield return line.Row(row).ArrivedUs;
    }
}
