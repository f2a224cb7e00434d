using Chaos.Gateway.Protocol;

namespace Chaos.Gateway.Streams;

/// <summary>
/// A channel as this node sees it. Publications leave it in order of their offsets, each once, without gaps: pub/sub may repeat, lose or
/// delay them, so a gap is filled from history before anything behind it is delivered. Sans-IO: it says when a fill is needed and takes
/// what was read.
/// </summary>
internal sealed class LocalChannel(string name)
{
    private readonly Lock _lock = new();
    private readonly List<Subscriber> _subscribers = [];
    private string? _epoch;
    private long _top;
    private long _seen;
    private bool _filling;

    public string Name { get; } = name;

    /// <summary>Position up to which everything was delivered; null before the first subscription has started.</summary>
    public StreamPosition? Position
    {
        get
        {
            lock (_lock) return _epoch is null ? null : new StreamPosition(_epoch, _top);
        }
    }

    public void Join(Subscriber subscriber)
    {
        lock (_lock) _subscribers.Add(subscriber);
    }

    /// <returns>True when nobody is left.</returns>
    public bool Leave(Subscriber subscriber)
    {
        lock (_lock)
        {
            _subscribers.Remove(subscriber);
            return _subscribers.Count == 0;
        }
    }

    /// <summary>A publication arrived through pub/sub.</summary>
    /// <returns>True when one before it is missing: the caller fills from history.</returns>
    public bool Arrived(LivePublication publication)
    {
        lock (_lock)
        {
            foreach (var subscriber in _subscribers) subscriber.Keep(publication);
            if (_epoch is null) return false;
            if (publication.Epoch != _epoch)
            {
                Invalidate();
                return false;
            }
            if (publication.Offset <= _top) return false;
            _seen = Math.Max(_seen, publication.Offset);
            if (_filling) return false;
            if (publication.Offset == _top + 1)
            {
                Deliver(new Publication(publication.Offset, publication.Data, publication.From));
                return false;
            }
            _filling = true;
            return true;
        }
    }

    /// <summary>The stream's position was read from the store.</summary>
    /// <returns>True when this node is behind: the caller fills from history.</returns>
    public bool Compare(StreamPosition? stored)
    {
        lock (_lock)
        {
            if (_epoch is null || _filling) return false;
            if (stored is null || stored.Epoch != _epoch)
            {
                Invalidate();
                return false;
            }
            if (stored.Offset <= _top) return false;
            _seen = Math.Max(_seen, stored.Offset);
            _filling = true;
            return true;
        }
    }

    /// <summary>Takes what was read after <see cref="Position"/>.</summary>
    /// <returns>True when the fill is complete, false when more has been seen than was read.</returns>
    public bool Fill(StreamRead read)
    {
        lock (_lock)
        {
            if (_epoch is null) return Filled();
            var missing = read.Top - _top;
            if (read.Epoch != _epoch || missing < 0 || read.Tail.Count < missing)
            {
                Invalidate();
                return Filled();
            }
            foreach (var publication in read.Tail)
            {
                if (publication.Offset != _top + 1) continue;
                foreach (var subscriber in _subscribers) subscriber.Keep(new LivePublication(_epoch, publication.Offset, publication.Data, publication.From));
                Deliver(publication);
            }
            return _seen <= _top && Filled();
        }
    }

    /// <summary>Nobody is left to fill for.</summary>
    public void AbandonFill()
    {
        lock (_lock) _filling = false;
    }

    /// <summary>Closes every live subscriber with 3010.</summary>
    public void Fail()
    {
        lock (_lock) Invalidate();
    }

    /// <summary>Starts a subscription: merges what was read with what arrived since, sends the reply and goes live, as one step.</summary>
    /// <returns>False when no gapless start is possible from this read.</returns>
    public bool Start(Subscriber subscriber, StreamPosition? since, StreamRead read, IRecoveryMerge merge, Func<RecoveryResult, ReadOnlyMemory<byte>> reply)
    {
        lock (_lock)
        {
            var result = merge.Merge(since, read, subscriber.Kept);
            if (!result.Gapless) return false;
            if (_epoch is null)
            {
                _epoch = result.Position.Epoch;
                _top = _seen = result.Position.Offset;
            }
            else if (result.Position.Epoch != _epoch || result.Position.Offset < _top)
            {
                // Either this read or this node is of another time; the next read tells.
                if (read.Epoch != _epoch) Invalidate();
                return false;
            }
            subscriber.Send(reply(result));
            subscriber.Start(result.Position.Offset);
            return true;
        }
    }

    private void Deliver(Publication publication)
    {
        var push = Replies.Push(Name, publication);
        _top = publication.Offset;
        foreach (var subscriber in _subscribers) subscriber.Deliver(publication.Offset, push);
    }

    private bool Filled()
    {
        _filling = false;
        return true;
    }

    /// <summary>What live subscribers were promised cannot be kept. Those that are starting decide by their own read.</summary>
    private void Invalidate()
    {
        foreach (var subscriber in _subscribers.Where(s => s.IsLive)) subscriber.Fail();
        _epoch = null;
        _top = _seen = 0;
        _filling = false;
    }
}
