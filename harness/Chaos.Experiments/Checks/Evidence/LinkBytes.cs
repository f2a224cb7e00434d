using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>What the proxy has delivered on links between regions, as its own counters say.</summary>
internal static class LinkBytes
{
    /// <summary>Name of the proxy's counter.</summary>
    public const string Metric = "chaos_proxy_bytes_total";

    /// <summary>
    /// Bytes delivered on a link in one direction between the first and the last reading that was taken within a window; null with fewer than two. A reading
    /// has the time of its end and begins after the one before it, which so tells whether it was under way when the window began.
    /// </summary>
    /// <param name="stream">"upstream" or "downstream".</param>
    public static double? Between(IReadOnlyList<JournalEvent> events, string link, string stream, Window window)
    {
        var ended = Metrics.Of(events).Series(Metric, ("link", link), ("direction", stream)).Values.SelectMany(r => r).Where(r => window.Contains(r.AtUs)).ToList();
        return ended.Count < 3 ? null : ended[^1].Value - ended[1].Value;
    }
}
