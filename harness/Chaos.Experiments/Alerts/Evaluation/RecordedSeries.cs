using System.Text.RegularExpressions;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Alerts.Evaluation;

/// <summary>
/// Series as a Prometheus would have them that had scraped the nodes when the journal's readings were taken: the label <c>instance</c> is the node's
/// process, <c>up</c> says whether it answered, and series end when they are no longer reported, when their node does not answer, and when it is
/// taken out in order. A process that was killed or stopped without a drain is still looked for, and does not answer.
/// </summary>
internal sealed partial class RecordedSeries
{
    private const long LookAgainMs = 500;

    private readonly Dictionary<SeriesKey, List<Point>> _points = [];
    private readonly Dictionary<string, HashSet<SeriesKey>> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _gone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SeriesKey> _keys = new(StringComparer.Ordinal);
    private readonly string _job;

    /// <param name="job">The job that the nodes are scraped under.</param>
    public RecordedSeries(string job) => _job = job;

    /// <summary>Reads them.</summary>
    /// <param name="events">Events of one experiment, in order of time.</param>
    /// <param name="job">The job that the nodes are scraped under.</param>
    public static SeriesStore Of(IReadOnlyList<JournalEvent> events, string job)
    {
        var series = new RecordedSeries(job);
        foreach (var e in events) series.Add(e);
        return series.Store();
    }

    /// <summary>Everything that was added so far.</summary>
    public SeriesStore Store() => new(_points.Select(p => new Series(p.Key.Metric, p.Key.Labels, p.Value)));

    /// <summary>Adds the next event in order of time.</summary>
    public void Add(JournalEvent e)
    {
        var atMs = e.At / 1000;
        LookAgain(atMs);
        switch (e)
        {
            // The proxy is none of the nodes.
            case MetricsSampled { Part: WireMetrics.Part } or ProbeSampled { Probe: WireMetrics.Part + ".metrics" }:
                break;
            case MetricsSampled sample:
                Answered(sample, atMs);
                break;
            case ProbeSampled { Ok: false } probe when probe.Probe.EndsWith(".metrics", StringComparison.Ordinal):
                SilentFrom(probe.Probe[..^".metrics".Length], atMs);
                break;
            case PartEnded { Role: "gateway" } ended when ended.Expected:
                // Taken out: nobody looks for it any more.
                foreach (var key in Open(ended.Name)) End(key, atMs);
                Open(ended.Name).Clear();
                _gone.Remove(ended.Name);
                break;
            case PartEnded { Role: "gateway" } died:
                _gone[died.Name] = atMs;
                SilentFrom(died.Name, atMs);
                break;
            case NodeLeft { How: not "drained" } left:
                _gone[left.Part] = atMs;
                SilentFrom(left.Part, atMs);
                break;
        }
    }

    private void Answered(MetricsSampled sample, long atMs)
    {
        _gone.Remove(sample.Part);
        List<(SeriesKey Key, double Value)> now = [.. sample.Values.Select(v => (Key(sample.Part, v.Key), v.Value)), (Up(sample.Part), 1)];
        var open = Open(sample.Part);
        foreach (var ended in open.Except(now.Select(n => n.Key)).ToList()) End(ended, atMs);
        open.Clear();
        foreach (var (key, value) in now)
        {
            open.Add(key);
            Put(key, new Point(atMs, value));
        }
    }

    private void SilentFrom(string part, long atMs)
    {
        var (open, up) = (Open(part), Up(part));
        foreach (var key in open.Where(k => k != up)) End(key, atMs);
        open.Clear();
        open.Add(up);
        Put(up, new Point(atMs, 0));
    }

    // A process that has gone writes nothing; who looks for it finds nothing, again and again.
    private void LookAgain(long nowMs)
    {
        foreach (var part in _gone.Keys.ToList())
        {
            for (; _gone[part] + LookAgainMs <= nowMs; _gone[part] += LookAgainMs) Put(Up(part), new Point(_gone[part] + LookAgainMs, 0));
        }
    }

    private void End(SeriesKey key, long atMs) => Put(key, new Point(atMs, double.NaN, IsStale: true));

    private void Put(SeriesKey key, Point point)
    {
        if (!_points.TryGetValue(key, out var points)) _points[key] = points = [];
        // Two readings in one millisecond are one for Prometheus.
        if (points.Count > 0 && points[^1].AtMs >= point.AtMs) points.RemoveAt(points.Count - 1);
        points.Add(point);
    }

    private HashSet<SeriesKey> Open(string part)
    {
        if (!_open.TryGetValue(part, out var open)) _open[part] = open = [];
        return open;
    }

    private SeriesKey Up(string part) => Key(part, "up");

    private SeriesKey Key(string part, string text)
    {
        var whole = $"{part} {text}";
        if (_keys.TryGetValue(whole, out var known)) return known;
        var open = text.IndexOf('{', StringComparison.Ordinal);
        var labels = open < 0 ? [] : LabelPattern().Matches(text, open).Select(m => KeyValuePair.Create(m.Groups[1].Value, Plain(m.Groups[2].Value)));
        // Prometheus puts the target's own labels above what it reports.
        return _keys[whole] = new SeriesKey(open < 0 ? text : text[..open], new LabelSet([.. labels, new("instance", part), new("job", _job)]));
    }

    private readonly record struct SeriesKey(string Metric, LabelSet Labels);

    private static string Plain(string value) => value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    [GeneratedRegex("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex LabelPattern();
}
