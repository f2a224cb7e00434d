using Chaos.Journal.Events;
using Chaos.Journal.Fleets;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>One handshake as the proxy saw it. Times are microseconds since the epoch.</summary>
/// <param name="ArrivedUs">When the request arrived.</param>
/// <param name="AnsweredUs">When it was answered.</param>
/// <param name="IsOpen">Whether it succeeded.</param>
/// <param name="CutUs">When the connection that it opened ended; null when it did not.</param>
internal readonly record struct HandshakeSeen(long ArrivedUs, long AnsweredUs, bool IsOpen, long? CutUs);

/// <summary>The handshakes of one client, and what the client says of itself.</summary>
/// <param name="Handshakes">By arrival.</param>
/// <param name="Told">Null when the client says nothing.</param>
internal sealed record ClientSeries(List<HandshakeSeen> Handshakes, ClientTale? Told)
{
    /// <summary>
    /// Every client of a link, from the lines of real clients and from the rows of simulated ones. Use each before the next: of a million
    /// simulated clients only one is held at a time.
    /// </summary>
    public static IEnumerable<ClientSeries> All(IReadOnlyList<JournalEvent> events, string link)
    {
        var told = ClientTale.All(events);
        foreach (var client in Wire.Of(events, link).Clients)
        {
            var handshakes = client.Handshakes.ConvertAll(h =>
                new HandshakeSeen(h.ArrivedAt, h.At, h.Status == 101, h.Status == 101 && client.Closed.TryGetValue(h.Conn, out var cut) ? cut.At : null));
            yield return new ClientSeries(handshakes, told.GetValueOrDefault(client.Client));
        }

        if (FleetTable.Of(events, link) is not { } table) yield break;
        var (attempts, cuts) = (new List<FleetAttempt>(), new List<FleetCut>());
        var series = new ClientSeries([], new ClientTale([], []));
        for (var client = 1; client <= table.Clients; client++)
        {
            table.Read(client, attempts, cuts);
            series.Take(attempts, cuts);
            yield return series;
        }
    }

    private void Take(List<FleetAttempt> attempts, List<FleetCut> cuts)
    {
        Handshakes.Clear();
        Told!.Starts.Clear();
        Told.Ends.Clear();
        var next = 0;
        foreach (var attempt in attempts)
        {
            Told.Starts.Add(attempt.DialledUs);
            long? cutUs = null;
            if (!attempt.IsOpen && attempt.HeardUs is { } heard) Told.Ends.Add(heard);
            if (attempt.IsOpen && next < cuts.Count)
            {
                cutUs = cuts[next].CutUs;
                Told.Ends.Add(cuts[next++].HeardUs);
            }

            Handshakes.Add(new HandshakeSeen(attempt.ArrivedUs, attempt.AnsweredUs, attempt.IsOpen, cutUs));
        }
    }
}
