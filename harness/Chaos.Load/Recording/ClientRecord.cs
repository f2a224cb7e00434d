using Chaos.Journal.Events;

namespace Chaos.Load.Recording;

/// <summary>
/// What one client did: writes its events in their order, gathers deliveries and acknowledgements into batches, and knows
/// the client's present state. Calls may come from any thread; times are microseconds since the epoch.
/// </summary>
/// <param name="name">The client's name.</param>
/// <param name="fleet">Where events and figures go.</param>
/// <param name="backstage">True for a publisher that is no client under test: of its connection only failures are written.</param>
internal sealed class ClientRecord(string name, FleetRecorder fleet, bool backstage = false)
{
    private readonly Lock _lock = new();
    private readonly ClientBatches _batches = new(name, fleet);
    private readonly Dictionary<(string Publisher, string Channel), NumberSet> _delivered = [];
    private readonly HashSet<string> _subscribed = [];
    private readonly HashSet<string> _unsubscribed = [];
    private readonly TaskCompletionSource _firstOutcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    /// <summary>True between a connect reply and the end of its connection.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>True once it has given up for good.</summary>
    public bool IsTerminal { get; private set; }

    /// <summary>Ends when the first attempt has succeeded or failed.</summary>
    public Task FirstOutcome => _firstOutcome.Task;

    /// <summary>Connected, and every one of <paramref name="channels"/> has been subscribed on this connection.</summary>
    public bool IsLive(IReadOnlyList<string> channels)
    {
        lock (_lock) return IsConnected && channels.All(_subscribed.Contains);
    }

    /// <summary>False when nothing more can be delivered to it on this channel, because it has given up the channel or everything.</summary>
    public bool Expects(string channel)
    {
        lock (_lock) return !IsTerminal && !_unsubscribed.Contains(channel);
    }

    /// <summary>True when all of <paramref name="acked"/> has been delivered.</summary>
    public bool Has(string publisher, string channel, NumberSnapshot acked)
    {
        lock (_lock)
        {
            if (_delivered.TryGetValue((publisher, channel), out var delivered)) return delivered.Includes(acked);
            return acked.Upto == 0 && acked.Beyond.Length == 0;
        }
    }

    public void Attempt(long at, int attempt, double? delayMs)
    {
        if (!backstage) fleet.CountAttempt();
        WriteConnection(new ClientAttempt(name, attempt, delayMs) { At = at });
    }

    public void Connected(long at, string? session, bool resumed, string? node)
    {
        lock (_lock) IsConnected = true;
        WriteConnection(new ClientConnected(name, session, resumed, node) { At = at });
        _firstOutcome.TrySetResult();
    }

    public void Disconnected(long at, string cause, int? code, string? reason, bool terminal)
    {
        // A client that is told to stop does not come back either, but has not given up.
        var gaveUp = terminal && cause != "local";
        lock (_lock)
        {
            IsConnected = false;
            IsTerminal |= gaveUp;
            _subscribed.Clear();
        }

        WriteConnection(new ClientDisconnected(name, cause, code, reason, terminal) { At = at });
        // "local" is a publisher that was told to stop.
        if (backstage && terminal && cause != "local")
            Write(new HarnessFailed($"feed {name}", $"The publisher gave up: {cause} {code} {reason}.") { At = at });
        _firstOutcome.TrySetResult();
    }

    public void Subscribed(long at, string channel, bool wasRecovering, bool recovered, string? epoch, long offset)
    {
        lock (_lock)
        {
            _subscribed.Add(channel);
            _unsubscribed.Remove(channel);
        }

        WriteConnection(new ClientSubscribed(name, channel, wasRecovering, recovered, epoch, offset) { At = at });
    }

    public void Unsubscribed(long at, string channel, int code, string? reason)
    {
        lock (_lock)
        {
            _subscribed.Remove(channel);
            // Centrifugo's rule: below 2500 is final, above the client subscribes again.
            if (code < 2500) _unsubscribed.Add(channel);
        }

        WriteConnection(new ClientUnsubscribed(name, channel, code, reason) { At = at });
    }

    /// <summary>Publications that reached the application, in their order; the last of them at <paramref name="at"/>.</summary>
    public void Delivered(long at, string channel, string publisher, ReadOnlySpan<long> n, ReadOnlySpan<long> sentAt, ReadOnlySpan<long> us)
    {
        fleet.CountDelivered(us);
        lock (_lock)
        {
            var key = (publisher, channel);
            if (!_delivered.TryGetValue(key, out var set)) _delivered.Add(key, set = new NumberSet());
            foreach (var number in n)
                if (number > 0) set.Add(number);
            _batches.Delivered(at, channel, publisher, n, sentAt, us);
        }
    }

    public void Acked(long at, string channel, long n, long sentAt)
    {
        fleet.CountAcked();
        lock (_lock) _batches.Acked(at, channel, n, sentAt);
    }

    public void PublishFailed(long at, string channel, long n, int code, string message, long sentAt)
    {
        fleet.CountPublishError();
        Write(new ClientPublishFailed(name, channel, n, code, message, at - sentAt) { At = at });
    }

    /// <summary>The process it lived in is gone; what became of the client itself is not known, so nothing is written.</summary>
    public void Lost()
    {
        lock (_lock) IsConnected = false;
        _firstOutcome.TrySetResult();
    }

    public void Token(long at, string purpose) => WriteConnection(new ClientToken(name, purpose) { At = at });

    public void Error(long at, int? code, string message) => Write(new ClientError(name, code, message) { At = at });

    /// <summary>Writes batches that were begun at or before <paramref name="beganAt"/>.</summary>
    public void Flush(long beganAt)
    {
        lock (_lock) _batches.Flush(beganAt);
    }

    private void WriteConnection(JournalEvent entry)
    {
        if (!backstage) Write(entry);
    }

    private void Write(JournalEvent entry)
    {
        lock (_lock)
        {
            _batches.Flush(long.MaxValue);
            fleet.Write(entry);
        }
    }
}
