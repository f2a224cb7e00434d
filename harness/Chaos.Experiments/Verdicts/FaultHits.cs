using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Regions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Verdicts;

/// <summary>Proof that faults hit traffic.</summary>
internal static class FaultHits
{
    /// <summary>
    /// For each fault of the timeline, how often it acted on traffic, all its occurrences together: items it touched,
    /// connections it ended, handshakes it answered, sessions that its node lost or let wait.
    /// </summary>
    public static IReadOnlyDictionary<string, long> Of(ExperimentDefinition definition, IReadOnlyList<JournalEvent> events)
    {
        var hits = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var fault in definition.Timeline.Faults) hits[fault.Name] = Count(definition, fault, LinksOf(definition, fault), events);
        return hits;
    }

    private static long Count(ExperimentDefinition definition, FaultDefinition fault, HashSet<string> links, IReadOnlyList<JournalEvent> events)
    {
        long named = 0, refused = 0;
        var window = ExperimentWindows.Of(events).Find(fault.Name);
        // A request that is held longer than its client waits is never released, so no line tells of its delay: that it was held, and given up, does.
        var givenUp = fault.Type != "http_delay" ? [] : events.OfType<LedgerRoll>().Where(r => r.Hit && links.Contains(r.Link) && Fleets.IsFault(r.Fault, fault.Name)).Select(r => r.Conn).ToHashSet();
        // Steering leaves no mark on a connection; that it is on the way to elsewhere is one.
        var ways = Steering.Does(fault) ? ShiftFault.Ways(definition.World, fault.Between!).Select(l => l.Name).ToHashSet() : [];
        foreach (var entry in events)
        {
            switch (entry)
            {
                case LedgerInjected e when links.Contains(e.Link) && Fleets.IsFault(e.Fault, fault.Name):
                case LedgerClosed c when links.Contains(c.Link) && (Fleets.IsFault(c.Fault, fault.Name) || (c.By == "client" && givenUp.Contains(c.Conn))):
                    named++;
                    break;
                case ClientDisconnected { Cause: "refused" } client when fault.Type == "refuse" && Fleets.IsClient(client.Client) && window is { } open && open.Contains(client.At):
                    // Where nobody listens the kernel refuses, and the proxy does not hear of it; the clients do.
                    named++;
                    break;
                case NodeLeft left when left.Fault == fault.Name:
                    named += left.Sessions;
                    break;
                case NodeHeld held when held.Fault == fault.Name:
                    named += held.Sessions;
                    break;
                case NodeClock clock when clock.Fault == fault.Name:
                    // Sessions that it has tell their tokens' ends by it, once it is off; connects are let in or not by it.
                    named += clock.OffsetMs == 0 ? clock.Judged : clock.Sessions;
                    break;
                case LedgerHandshake { Status: 101 } sent when ways.Contains(sent.Link) && window is { } shifted && shifted.Contains(sent.At):
                    named++;
                    break;
                case FleetAttempts e when links.Contains(e.Link) && Fleets.IsFault(e.Fault, fault.Name):
                    named += e.Client.Length;
                    break;
                case FleetCuts e when links.Contains(e.Link) && Fleets.IsFault(e.Fault, fault.Name):
                    named += e.Client.Length;
                    break;
                case LedgerHandshake { By: "fault" } h when links.Contains(h.Link) && fault.Type == "ws_handshake" && window is { } on && on.Contains(h.At):
                    refused++;
                    break;
            }
        }

        // A refused handshake names no fault; it counts for the one that refuses on that link when nothing else is recorded of it.
        return named > 0 ? named : refused;
    }

    private static HashSet<string> LinksOf(ExperimentDefinition definition, FaultDefinition fault) =>
        fault.Between is { } between ? [.. RegionFaultCatalogue.LinksOf(definition.World, between).Select(l => l.Name)] : [fault.Link];
}
