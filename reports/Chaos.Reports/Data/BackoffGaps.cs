using System.Text.Json;
using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>The declared distribution of the gap before an attempt: uniform on [0, min(cap, base × factor^k)), milliseconds.</summary>
internal sealed record DeclaredBackoff(double BaseMs, double Factor, double CapMs)
{
    public double UpperMs(int attempt) => Math.Min(CapMs, BaseMs * Math.Pow(Factor, attempt));

    public bool AtCap(int attempt) => BaseMs * Math.Pow(Factor, attempt) >= CapMs;
}

/// <summary>Gaps before the same attempt of all clients, sorted, in milliseconds.</summary>
internal sealed record AttemptGaps(int Attempt, IReadOnlyList<double> GapsMs);

/// <summary>
/// Gaps between connection attempts as they came over the wire. Attempt 0 follows the end of an established connection; attempt k + 1
/// follows the refusal of attempt k. Time to dial is part of a gap, as the wire cannot tell it apart.
/// </summary>
/// <param name="Declared">Null when the experiment declares no distribution.</param>
internal sealed record BackoffGaps(IReadOnlyList<AttemptGaps> Attempts, DeclaredBackoff? Declared)
{
    /// <summary>Gaps of an experiment that judges backoff; null for any other.</summary>
    public static BackoffGaps? From(ExperimentData experiment)
    {
        if (experiment.Verdict.Expectations.FirstOrDefault(e => e.Check.StartsWith("backoff_", StringComparison.Ordinal)) is not { } judged) return null;
        var line = experiment.Timeline;
        var window = Definitions.During(experiment.Definition, judged.Id) is { } during ? line.Named(during) : null;
        var declared = DeclaredIn(experiment.Definition);
        // A connection too young to reset the backoff continues the count before it, so it begins no series.
        var stableUs = declared is null ? 0 : (Definitions.Number(experiment.Definition, "fleet", "policy", "stable_ms") ?? 0) * 1e3;
        var gaps = new SortedDictionary<int, List<double>>();
        var link = Definitions.Text(experiment.Definition, "fleet", "link");
        foreach (var client in WireEvents(experiment.Events, link).GroupBy(e => e.Client, StringComparer.Ordinal))
            Walk([.. client.OrderBy(e => e.SortAt).Select(e => e.Event)], InWindow, stableUs, gaps);
        SimulatedGaps.Add(experiment, link, InWindow, stableUs, gaps);
        foreach (var list in gaps.Values) list.Sort();
        return new BackoffGaps([.. gaps.Select(g => new AttemptGaps(g.Key, g.Value))], declared);

        bool InWindow(long us) => window is null || (line.SecondsAt(us) >= window.From && line.SecondsAt(us) < window.To);
    }

    private static IEnumerable<(string Client, long SortAt, JournalEvent Event)> WireEvents(IEnumerable<JournalEvent> events, string? link)
    {
        foreach (var entry in events)
        {
            if (entry is LedgerHandshake { Client: { } shaker } h && (link is null || h.Link == link)) yield return (shaker, h.ArrivedAt, h);
            if (entry is LedgerClosed { Client: { } closer } c && (link is null || c.Link == link)) yield return (closer, c.At, c);
        }
    }

    private static void Walk(List<JournalEvent> ordered, Func<long, bool> inWindow, double stableUs, SortedDictionary<int, List<double>> gaps)
    {
        var established = new Dictionary<long, (long At, bool First)>();
        (long AfterUs, int Attempt)? waiting = null;
        foreach (var entry in ordered)
        {
            switch (entry)
            {
                case LedgerHandshake shake:
                    var before = waiting is { } w && shake.ArrivedAt >= w.AfterUs ? waiting : null;
                    if (before is { } b && inWindow(b.AfterUs))
                    {
                        if (!gaps.TryGetValue(b.Attempt, out var list)) gaps[b.Attempt] = list = [];
                        list.Add((shake.ArrivedAt - b.AfterUs) / 1e3);
                    }

                    waiting = shake.Status != 101 && before is { } refused ? (shake.At, refused.Attempt + 1) : null;
                    if (shake.Status == 101) established[shake.Conn] = (shake.At, established.Count == 0);
                    break;
                // The end of a refused handshake's connection is no loss; only that of an established one begins a series.
                case LedgerClosed closed when established.TryGetValue(closed.Conn, out var life) && (life.First || closed.At - life.At >= stableUs):
                    waiting = (closed.At, 0);
                    break;
                default:
                    break;
            }
        }
    }

    private static DeclaredBackoff? DeclaredIn(JsonElement definition)
    {
        // Other clients have ways of their own, whatever the file says of the reference client's policy.
        if (Definitions.Text(definition, "fleet", "client") is { } client && client is not ("reference" or "plain-websocket")) return null;
        if (Definitions.Text(definition, "fleet", "policy", "distribution") is { } name && name != "full-jitter") return null;
        var (origin, factor, cap) = (Definitions.Number(definition, "fleet", "policy", "base_ms"),
            Definitions.Number(definition, "fleet", "policy", "factor"), Definitions.Number(definition, "fleet", "policy", "cap_ms"));
        return origin > 0 && factor > 0 && cap > 0 ? new DeclaredBackoff(origin.Value, factor.Value, cap.Value) : null;
    }
}
