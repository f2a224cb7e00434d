using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Chaos.Experiments.Checks.Backoff;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>One gap between two attempts of a client.</summary>
/// <param name="Ms">From the refusal of the attempt before it, or the cut of the live connection (attempt 0), until the next attempt arrived;
/// until the end of the run when none did.</param>
/// <param name="Observed">Whether the next attempt arrived.</param>
/// <param name="Overhead">What of it the client was not waiting, in milliseconds: from the proxy's answer until the client heard of it, and
/// from the start of its dial until the proxy had the request; NaN when the client does not tell. A float: there may be ten million gaps.</param>
internal readonly record struct Gap(double Ms, bool Observed, float Overhead)
{
    /// <summary>The overhead in milliseconds, or null.</summary>
    public double? OverheadMs => float.IsNaN(Overhead) ? null : Overhead;
}

/// <summary>
/// Gaps between attempts as the proxy saw them, by attempt. Attempt 0 follows the loss of a connection that had lived for the
/// policy's stable time, attempt k the k-th failure since. A gap counts whatever came after it, so the gaps of one
/// attempt are independent draws.
/// </summary>
internal sealed class BackoffGaps
{
    private const long StableMarginUs = 250_000;

    // Several checks of one experiment ask for the same gaps, and ten million of them take a while to find. They go with the events.
    private static readonly ConditionalWeakTable<IReadOnlyList<JournalEvent>, ConcurrentDictionary<(ExperimentDefinition, Window), BackoffGaps>> Found = [];

    private readonly List<List<Gap>> _attempts = [];
    private readonly List<double> _overheads = [];

    private BackoffGaps()
    {
    }

    /// <summary>Number of attempts with at least one gap.</summary>
    public int Attempts => _attempts.Count;

    /// <summary>Gaps whose attempts the proxy never saw (a closed listener refuses them); they are left out.</summary>
    public int Unseen { get; private set; }

    /// <summary>Finds the gaps that begin in the window.</summary>
    public static BackoffGaps Of(CheckContext context) =>
        Found.GetOrCreateValue(context.Events).GetOrAdd((context.Definition, context.Window), _ => Find(context));

    /// <summary>All gaps of an attempt, also those that did not end.</summary>
    public IReadOnlyList<Gap> All(int attempt) => attempt < _attempts.Count ? _attempts[attempt] : [];

    /// <summary>The median of <see cref="Gap.OverheadMs"/> at an attempt; 0 when no client tells.</summary>
    public double OverheadMs(int attempt) => attempt < _overheads.Count ? _overheads[attempt] : 0;

    /// <summary>
    /// Observed gaps of an attempt in milliseconds, without what of each its client was not waiting; of a client that does not tell, without the median.
    /// Each its own: while 400 connections are cut, a busy machine lets nobody through for 200 ms, and then all of them at once.
    /// </summary>
    public double[] Sample(int attempt) => [.. All(attempt).Where(g => g.Observed).Select(g => Math.Max(0, g.Ms - (g.OverheadMs ?? OverheadMs(attempt))))];

    private static BackoffGaps Find(CheckContext context)
    {
        var gaps = new BackoffGaps();
        var end = Fleets.EndUs(context.Events);
        var fleet = context.Definition.Fleet;
        var stableUs = DeclaredBackoff.IsDeclared(fleet) ? (long)(fleet.Policy.StableMs * 1000) : 0;
        foreach (var client in ClientSeries.All(context.Events, fleet.Link)) gaps.Walk(client.Handshakes, client.Told, context.Window, stableUs, end);
        foreach (var attempt in gaps._attempts)
        {
            var overheads = attempt.Where(g => g.OverheadMs is not null).Select(g => g.OverheadMs!.Value).ToList();
            gaps._overheads.Add(overheads.Count == 0 ? 0 : Moments.Median(overheads));
        }

        return gaps;
    }

    private void Walk(List<HandshakeSeen> handshakes, ClientTale? told, Window window, long stableUs, long end)
    {
        // Attempts since the count was last reset, as a client that keeps to its policy counts them; null when that cannot be told.
        int? attempts = 0;
        for (var i = 0; i < handshakes.Count; i++)
        {
            attempts++;
            var from = handshakes[i].AnsweredUs;
            if (handshakes[i].IsOpen)
            {
                if (handshakes[i].CutUs is not { } cut) return;
                attempts = AfterLoss(attempts, cut - from, stableUs);
                from = cut;
            }

            HandshakeSeen? next = i + 1 < handshakes.Count ? handshakes[i + 1] : null;
            if (attempts is not { } k || !window.Contains(from) || next?.ArrivedUs < from) continue;
            var until = next?.ArrivedUs ?? end;
            if (told is not null && told.Attempts(from, until) > (next is null ? 0 : 1))
            {
                Unseen++;
                attempts = null;
                continue;
            }

            For(k).Add(new Gap((until - from) / 1000.0, next is not null, (float)((next is null ? null : told?.OverheadMs(from, until)) ?? double.NaN)));
        }
    }

    /// <summary>A connection that lived long enough resets the count, a short one continues it. Close to the limit the wire cannot
    /// tell: the client counts from the connect reply and until it hears of the loss.</summary>
    private static int? AfterLoss(int? attempts, long ageUs, long stableUs)
    {
        if (stableUs == 0 || ageUs >= stableUs + StableMarginUs) return 0;
        return ageUs > stableUs - StableMarginUs ? null : attempts;
    }

    private List<Gap> For(int attempt)
    {
        while (_attempts.Count <= attempt) _attempts.Add([]);
        return _attempts[attempt];
    }
}
