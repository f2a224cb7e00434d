using System.Text.Json;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>
/// Publishes until they are acknowledged, in order. After a reconnect all are sent again in that order; after a temporary error the oldest
/// goes first and alone, and the others follow as <see cref="SendWindow"/> lets them.
/// </summary>
internal sealed class Publishes(Surroundings around)
{
    /// <summary>Code of a publish that this side gave up; codes of the protocol start at 100.</summary>
    private const int GivenUp = 0;

    // The head is never done; done ones behind it leave when they reach it.
    private Queue<Pending>? _queue;
    private SendWindow? _window;
    private int _waiting;
    private int _underWay;
    private int _inDoubt;
    private bool _holding;

    private sealed class Pending(string channel, ReadOnlyMemory<byte> data, string mid)
    {
        public string Channel { get; } = channel;
        public ReadOnlyMemory<byte> Data { get; set; } = data;
        public string Mid { get; } = mid;
        public TimeSpan? FirstSent { get; set; }
        public TimeSpan Due { get; set; } = TimeSpan.MaxValue;
        public int LastId { get; set; }
        public int Sends { get; set; }
        public bool UnderWay { get; set; }
        public bool Done { get; set; }
    }

    /// <summary>No later than when the next one must be looked at.</summary>
    public TimeSpan NextDue { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Publishes without an acknowledgement.</summary>
    public int Count => _waiting;

    /// <summary>Publishes that were sent and not acknowledged: nobody here knows whether they took place.</summary>
    public int InDoubt => _inDoubt;

    private bool Resends => around.Options.Policy.Resend && around.Parts.ResendBuffer.Resends;

    public void Add(string channel, ReadOnlyMemory<byte> data, string mid, TimeSpan now)
    {
        if (_waiting >= around.Parts.ResendBuffer.Capacity)
        {
            around.Observer.PublishFailed(channel, mid, GivenUp, "the resend buffer is full");
            return;
        }

        var pending = new Pending(channel, data, mid);
        (_queue ??= new Queue<Pending>()).Enqueue(pending);
        _waiting++;
        if (!around.Wire.Authenticated)
            return;
        // Nothing else waits, as is usual: no need to look for what does.
        if (!_holding && _underWay == _waiting - 1 && _window?.Admits(_underWay, now) != false)
            Send(pending, now);
        else
            SendWaiting(now);
    }

    /// <summary>Sends nothing for the first time from now on, so that soon nothing is in doubt.</summary>
    public void Hold() => _holding = true;

    /// <summary>Sends what was held back.</summary>
    public void Release(TimeSpan now)
    {
        _holding = false;
        SendWaiting(now);
        Trim();
    }

    /// <summary>Sends everything unacknowledged, oldest first.</summary>
    public void Connected(TimeSpan now)
    {
        _window?.Reconnected();
        SendWaiting(now);
        Trim();
    }

    public void Lost()
    {
        (NextDue, _holding) = (TimeSpan.MaxValue, false);
        foreach (var pending in _queue ?? [])
        {
            Return(pending);
            if (!pending.Done && pending.Sends > 0 && !Resends)
                Finish(pending);
        }

        Trim();
    }

    public void Reply(int id, object? about, JsonElement? error, TimeSpan now)
    {
        var pending = (Pending)about!;
        if (pending.Done)
            return;
        if (error is { } refusal)
        {
            // An earlier copy's error says nothing about the copy that is under way.
            if (id == pending.LastId)
                Refused(pending, refusal.Code(), refusal.Text("message"u8) ?? "", refusal.Flag("temporary"u8), now);
        }
        else
        {
            Finish(pending);
            around.Observer.PublishAcked(pending.Channel, pending.Mid);
            _window?.Acknowledged();
        }

        SendWaiting(now);

        Trim();
    }

    public void Tick(TimeSpan now)
    {
        if (now < NextDue)
            return;
        NextDue = TimeSpan.MaxValue;
        foreach (var pending in _queue ?? [])
        {
            if (pending.Due > now)
            {
                NextDue = pending.Due < NextDue ? pending.Due : NextDue;
                continue;
            }

            // Its reply is overdue.
            if (Resends)
                Return(pending);
            else
                pending.Due = TimeSpan.MaxValue;
        }

        SendWaiting(now);
        Trim();
    }

    /// <summary>Sends what waits, as far as the window admits.</summary>
    private void SendWaiting(TimeSpan now)
    {
        if (_underWay == _waiting || !around.Wire.Authenticated)
            return;
        foreach (var pending in _queue ?? [])
        {
            if (pending.Done || pending.UnderWay)
                continue;
            if (_holding && pending.Sends == 0)
                return;
            if (_window is { } window && !window.Admits(_underWay, now))
            {
                if (window.ShutUntil > now && window.ShutUntil < NextDue)
                    NextDue = window.ShutUntil;
                return;
            }

            if (!Expired(pending, now))
                Send(pending, now);
        }
    }

    private void Send(Pending pending, TimeSpan now)
    {
        var data = pending.Sends == 0 ? pending.Data : around.Parts.ResendBuffer.Again(pending.Data, pending.Mid, pending.Sends);
        if (pending.Sends++ == 0)
            _inDoubt++;
        pending.UnderWay = true;
        _underWay++;
        pending.FirstSent ??= now;
        pending.LastId = around.Wire.Expect(Ask.Publish, pending);
        around.Wire.Send(FrameWriter.Start().Publish(pending.LastId, pending.Channel, data.Span));
        var timeoutMs = around.Options.Policy.PublishTimeoutMs;
        Schedule(pending, timeoutMs > 0 ? now + TimeSpan.FromMilliseconds(timeoutMs) : TimeSpan.MaxValue);
    }

    private void Refused(Pending pending, int code, string message, bool temporary, TimeSpan now)
    {
        if (!ErrorCodes.IsTemporary(code, temporary))
        {
            Finish(pending);
            around.Observer.PublishFailed(pending.Channel, pending.Mid, code, message);
        }
        else if (Resends)
        {
            Return(pending);
            (_window ??= new SendWindow(around.Parts.Pacing)).Refused(now, tries => around.Parts.ResendBuffer.RetryDelayMs(tries, around.Options.Policy, around.Jitter));
        }
        else
        {
            Finish(pending);
        }
    }

    private bool Expired(Pending pending, TimeSpan now)
    {
        if (pending.FirstSent is not { } first || (now - first).TotalMilliseconds <= around.Parts.ResendBuffer.WindowMs)
            return false;
        Finish(pending);
        around.Observer.PublishFailed(pending.Channel, pending.Mid, GivenUp, "not acknowledged while the gateway remembers its key");
        return true;
    }

    private void Schedule(Pending pending, TimeSpan due)
    {
        pending.Due = due;
        if (due < NextDue)
            NextDue = due;
    }

    /// <summary>It is under way no more, and waits again.</summary>
    private void Return(Pending pending)
    {
        pending.Due = TimeSpan.MaxValue;
        if (!pending.UnderWay)
            return;
        pending.UnderWay = false;
        _underWay--;
    }

    private void Finish(Pending pending)
    {
        Return(pending);
        if (pending.Sends > 0)
            _inDoubt--;
        pending.Done = true;
        pending.Data = default;
        _waiting--;
    }

    private void Trim()
    {
        while (_queue is not null && _queue.TryPeek(out var head) && head.Done)
            _queue.Dequeue();
    }
}
