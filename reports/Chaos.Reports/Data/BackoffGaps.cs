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
/// follows the refusal of attempt k.
/// </summary>
/// <param name="Declared">Null when the experiment declares no distribution.</param>
internal sealed record BackoffGaps(IReadOnlyList<AttemptGaps> Attempts, DeclaredBackoff? Declared)
{
    /// <summary>Gaps of an experiment that judges backoff; null for any other.</summary>
    public static BackoffGaps? From(ExperimentData experiment)
    {
        if (!experiment.Verdict.Expectations.Any(e => e.Check.StartsWith("backoff_", StringComparison.Ordinal))) return null;
        var link = Definitions.Text(experiment.Definition, "fleet", "link");
        var gaps = new SortedDictionary<int, List<double>>();
        foreach (var client in WireEvents(experiment.Events, link).GroupBy(e => e.Client, StringComparer.Ordinal))
            Walk(client.OrderBy(e => e.SortAt).Select(e => e.Event), gaps);
        foreach (var list in gaps.Values) list.Sort();
        return new BackoffGaps([.. gaps.Select(g => new AttemptGaps(g.Key, g.Value))], DeclaredIn(experiment.Definition));
    }

    private static IEnumerable<(string Client, long SortAt, JournalEvent Event)> WireEvents(IEnumerable<JournalEvent> events, string? link)
    {
        foreach (var entry in events)
        {
            if (entry is LedgerHandshake { Client: { } shaker } h && (link is null || h.Link == link)) yield return (shaker, h.ArrivedAt, h);
            if (entry is LedgerClosed { Client: { } closer } c && (link is null || c.Link == link)) yield return (closer, c.At, c);
        }
    }

    private static void Walk(IEnumerable<JournalEvent> ordered, SortedDictionary<int, List<double>> gaps)
    {
        var established = new HashSet<long>();
        (long AfterUs, int Attempt)? waiting = null;
        foreach (var entry in ordered)
        {
            switch (entry)
            {
                case LedgerHandshake shake:
                    if (waiting is { } w && shake.ArrivedAt >= w.AfterUs)
                    {
                        if (!gaps.TryGetValue(w.Attempt, out var list)) gaps[w.Attempt] = list = [];
                        list.Add((shake.ArrivedAt - w.AfterUs) / 1e3);
                    }

                    if (shake.Status == 101)
                    {
                        established.Add(shake.Conn);
                        waiting = null;
                    }
                    else
                    {
                        waiting = (shake.At, waiting is { } before ? before.Attempt + 1 : 0);
                    }

                    break;
                // The end of a refused handshake's connection is no loss; only that of an established one begins a series.
                case LedgerClosed closed when established.Remove(closed.Conn):
                    waiting = (closed.At, 0);
                    break;
                default:
                    break;
            }
        }
    }

    private static DeclaredBackoff? DeclaredIn(JsonElement definition)
    {
        if (Definitions.Text(definition, "fleet", "policy", "distribution") is { } name && name != "full-jitter") return null;
        var (origin, factor, cap) = (Definitions.Number(definition, "fleet", "policy", "base_ms"),
            Definitions.Number(definition, "fleet", "policy", "factor"), Definitions.Number(definition, "fleet", "policy", "cap_ms"));
        return origin > 0 && factor > 0 && cap > 0 ? new DeclaredBackoff(origin.Value, factor.Value, cap.Value) : null;
    }
}
