using System.Globalization;
using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Fold;

/// <summary>Errors that clients met, by class and endpoint.</summary>
internal sealed class ErrorClasses(Seconds seconds)
{
    private const int Most = 8;

    private readonly Dictionary<(string Class, string Endpoint), Count> _counts = [];
    private readonly Count _all = new(seconds);

    public void Take(JournalEvent e)
    {
        switch (e)
        {
            // A client that was told to stop has met no error.
            case ClientDisconnected { Cause: not "local" } gone:
                Add(gone.At, With(gone.Cause, gone.Code), gone.Cause is "refused" or "handshake" or "timeout" ? "connect" : "connection");
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
        }
    }

    /// <summary>The classes that are most frequent now, then those that were.</summary>
    public IReadOnlyList<ErrorView> View(long nowUs) =>
        [.. _counts.Select(c => new ErrorView(c.Key.Class, c.Key.Endpoint, c.Value.Recent(nowUs), c.Value.Total)).OrderByDescending(e => e.Recent).ThenByDescending(e => e.Total).Take(Most)];

    public IReadOnlyList<int> Series(long nowUs) => _all.Series(nowUs);

    private void Add(long atUs, string name, string endpoint)
    {
        if (!_counts.TryGetValue((name, endpoint), out var count)) _counts[(name, endpoint)] = count = new Count(seconds);
        count.Add(atUs);
        _all.Add(atUs);
    }

    private static string With(string name, int? code) => code is { } number ? $"{name} {number.ToString(CultureInfo.InvariantCulture)}" : name;
}
