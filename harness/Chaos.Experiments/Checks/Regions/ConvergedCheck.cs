using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Regions;

/// <summary>
/// Do all regions have the same in the end? Compared are the histories of every channel, as each region's gateway gives them: every message that was
/// acknowledged anywhere is in each of them once, and those of one publisher in their order. And it takes no longer than the limit.
/// </summary>
internal sealed class ConvergedCheck() : Check("converged", "After the fault every region has every acknowledged message, once and in order, within the limit.",
    "messages missing, doubled or out of order in any region's history, counted; time from the fault's end until nothing waits for another region", Within, MinMessages)
{
    private static readonly NumberOption Within = new("within_ms", "Limit from the end of the window until no region lacks anything, in milliseconds; to the next reading of the metrics.", null, 1, 600_000, IsRequired: true);
    private static readonly NumberOption MinMessages = new("min_messages", "Fewest acknowledged messages. Of 300 without a defect less than 1 % are lost, with 95 % confidence (rule of three).", 300, 1, 1e9, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var histories = context.Events.OfType<HistoryRead>().ToList();
        if (histories.Select(h => h.Region).Distinct().Count() < 2) return Finding.Inconclusive("the histories of two regions are needed: use a world of several");
        var size = context.Definition.Gateway["history"]?["size"]?.GetValue<int>() ?? DefaultSize;
        if (histories.Find(h => h.Messages.Count >= size) is { } full) return Finding.Inconclusive($"{full.Region} keeps {size} messages of {full.Channel}, and there were more: raise gateway.history.size");
        var acked = Feeds.Of(context.Events).All.SelectMany(f => f.Messages.Where(m => m.AckedUs is not null).Select(m => (f.Key.Channel, Mid: $"{f.Key.Publisher}/{m.N}"))).ToLookup(m => m.Channel, m => m.Mid);
        long missing = 0, doubled = 0, inverted = 0;
        string? example = null;
        foreach (var history in histories)
        {
            var kept = history.Messages.ToHashSet(StringComparer.Ordinal);
            foreach (var mid in acked[history.Channel].Where(mid => !kept.Contains(mid)))
            {
                missing++;
                example ??= $"{history.Region} lacks {mid} of {history.Channel}";
            }

            if (history.Messages.Count != kept.Count) example ??= $"{history.Region} has a message of {history.Channel} twice";
            doubled += history.Messages.Count - kept.Count;
            inverted += Inversions(history, ref example);
        }

        long messages = acked.Sum(c => c.Count());
        if (messages < MinMessages.Of(context)) return Finding.Inconclusive($"{messages} messages were acknowledged, {MinMessages.Of(context):0} are needed");
        var (time, limit) = (TimeToConverge(context), Within.Of(context));
        Measure[] measures =
        [
            new("missing", missing, 0, "", messages, missing == 0, "="),
            new("doubled", doubled, 0, "", messages, doubled == 0, "="),
            new("inversions", inverted, 0, "", messages, inverted == 0, "="),
            new("time to converge", time ?? Unbounded, limit, "ms", messages, time <= limit),
        ];
        var regions = histories.Select(h => h.Region).Distinct().Count();
        var what = missing + doubled + inverted == 0 ? $"all {regions} regions have all {messages} messages, once and in order" : $"{missing} messages are missing, {doubled} doubled and {inverted} out of order; first {example}";
        return Finding.ByMeasures($"{what}; {(time is { } ms ? $"nothing waited {ms:0} ms after the fault, limit {limit:0} ms" : "entries waited to the end")}", measures);
    }

    /// <summary>The gateway's own default of <c>history.size</c>.</summary>
    private const int DefaultSize = 2_000;

    private static long Inversions(HistoryRead history, ref string? example)
    {
        long inversions = 0;
        foreach (var feed in history.Messages.Select(m => m.Split('/')).GroupBy(p => p[0], p => long.Parse(p[1], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal))
        {
            foreach (var (one, next) in feed.Zip(feed.Skip(1)).Where(pair => pair.Second < pair.First))
            {
                inversions++;
                example ??= $"{history.Region} has message {next} of {feed.Key} on {history.Channel} behind {one}";
            }
        }

        return inversions;
    }

    /// <summary>Milliseconds from the window's end to the first reading from which on no part has entries waiting; null when that never comes.</summary>
    private static double? TimeToConverge(CheckContext context)
    {
        var latest = ExperimentWindows.Of(context.Events).Recovery?.ToUs ?? long.MaxValue;
        double slowest = 0;
        foreach (var readings in Metrics.Of(context.Events).Series("chaos_replication_waiting").Values)
        {
            // Traffic goes on, so a few entries are always under way: nothing waits when the oldest of them is younger than a reading.
            var after = readings.Where(r => r.AtUs >= context.Window.ToUs && r.AtUs < latest).ToList();
            if (after.FindIndex(r => r.Value <= FewUnderWay) is not (>= 0 and var index)) return null;
            slowest = Math.Max(slowest, (after[index].AtUs - context.Window.ToUs) / 1000.0);
        }

        return slowest;
    }

    private const double FewUnderWay = 20;
}
