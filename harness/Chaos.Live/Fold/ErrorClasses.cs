using System.Globalization;
using System.Text.RegularExpressions;
using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Fold;

/// <summary>Errors that clients met, and those that gateway nodes count, by class and endpoint.</summary>
internal sealed partial class ErrorClasses(Seconds seconds)
{
    private const int Most = 8;

    private readonly Dictionary<(string Class, string Endpoint), Count> _counts = [];
    private readonly Count _all = new(seconds);
    private readonly Dictionary<(string Part, string Metric), double> _counters = [];

    public void Take(JournalEvent e)
    {
        switch (e)
        {
            // A client that was told to stop has met no error.
            case ClientDisconnected { Cause: not "local" } gone:
                Add(gone.At, With(gone.Cause, gone.Code), gone.Cause is "refused" or "handshake" or "timeout" ? "connect" : "connection");
                break;
            case FleetAttempts { Status: not 101 } refused:
                Add(refused.Status == 0 ? "refused" : With("handshake", refused.Status), "connect", Enumerable.Range(0, refused.Client.Length).Select(i => refused.Row(i).AnsweredUs));
                break;
            case FleetCuts cuts:
                Add("transport", "connection", Enumerable.Range(0, cuts.Client.Length).Select(i => cuts.Row(i).HeardUs));
                break;
            case ClientPublishFailed failed:
                Add(failed.At, With(failed.Message, failed.Code), "publish");
                break;
            case ClientUnsubscribed { Code: > 0 } ended:
                Add(ended.At, With("unsubscribed", ended.Code), "subscribe");
                break;
            case ClientError error:
                Add(error.At, With(error.Message, error.Code), "client");
                break;
            case MetricsSampled sample:
                foreach (var (metric, value) in sample.Values) Count(sample, metric, value);
                break;
        }
    }

    /// <summary>The classes that are most frequent now, then those that were.</summary>
    public IReadOnlyList<ErrorView> View(long nowUs) =>
        [.. _counts.Select(c => new ErrorView(c.Key.Class, c.Key.Endpoint, c.Value.Recent(nowUs), c.Value.Total)).OrderByDescending(e => e.Recent).ThenByDescending(e => e.Total).Take(Most)];

    public IReadOnlyList<int> Series(long nowUs) => _all.Series(nowUs);

    private void Count(MetricsSampled sample, string metric, double value)
    {
        if (ErrorCounter().Match(metric) is not { Success: true } counter) return;
        var before = _counters.GetValueOrDefault((sample.Part, metric));
        _counters[(sample.Part, metric)] = value;
        // A node that was started again counts from 0.
        var growth = (int)(value < before ? value : value - before);
        if (growth > 0) Add(sample.At, $"code {counter.Groups["code"].Value}", $"{counter.Groups["endpoint"].Value}, at gateways", growth, isClients: false);
    }

    /// <summary>Of a simulation, where one line tells of thousands.</summary>
    private void Add(string name, string endpoint, IEnumerable<long> times)
    {
        foreach (var (atUs, count) in seconds.Counted(times)) Add(atUs, name, endpoint, count);
    }

    private void Add(long atUs, string name, string endpoint, int times = 1, bool isClients = true)
    {
        if (!_counts.TryGetValue((name, endpoint), out var count)) _counts[(name, endpoint)] = count = new Count(seconds);
        count.Add(atUs, times);
        // The chart is the clients' tale: the same error on both sides is one.
        if (isClients) _all.Add(atUs, times);
    }

    private static string With(string name, int? code) => code is { } number ? $"{name} {number.ToString(CultureInfo.InvariantCulture)}" : name;

    [GeneratedRegex("^chaos_errors_total\\{code=\"(?<code>[^\"]*)\",endpoint=\"(?<endpoint>[^\"]*)\"\\}$")]
    private static partial Regex ErrorCounter();
}
