using Chaos.Gateway.Protocol;

namespace Chaos.Gateway.Sessions;

/// <summary>Pings, expiries and everything else that comes by itself.</summary>
internal sealed partial class Session
{
    private void Arm()
    {
        lock (_gate)
        {
            if (_ended || _deadlines.Next() is not { } next) return;
            var wait = next - Elapsed;
            _timer.Change(wait > TimeSpan.Zero ? RoundUp(wait) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    // Timers count whole milliseconds: rounded down, one would fire just before it is due and find nothing.
    private static TimeSpan RoundUp(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private void OnTimer()
    {
        IReadOnlyList<Due> due;
        lock (_gate)
        {
            if (_ended) return;
            due = _deadlines.Take(Elapsed);
        }
        foreach (var item in due)
        {
            switch (item.Kind)
            {
                case DueKind.Stale:
                    Close(CloseReason.Stale);
                    break;
                case DueKind.NoPong:
                    Close(CloseReason.NoPong);
                    break;
                case DueKind.TokenExpired:
                    Close(CloseReason.Expired);
                    break;
                case DueKind.SubscriptionExpired:
                    Expire(item.Channel!);
                    break;
                case DueKind.Ping:
                    SendPing();
                    break;
            }
        }
        Arm();
    }

    private void SendPing()
    {
        lock (_gate)
        {
            _pinged = Elapsed;
            foreach (var subscription in _subscriptions.Values) subscription.Mark();
        }
        Send(Replies.Ping);
    }

    private void OnPong()
    {
        lock (_gate)
        {
            if (!_deadlines.Pong()) return;
            _services.Metrics.RoundTrip(Elapsed - _pinged);
            foreach (var subscription in _subscriptions.Values) subscription.Confirm();
        }
        Arm();
    }

    private void Expire(string channel)
    {
        Subscription? subscription;
        lock (_gate)
        {
            if (!_subscriptions.Remove(channel, out subscription)) return;
        }
        Leave(subscription);
        _services.Saver.Mark(this);
        Send(Replies.Unsubscribe(channel, UnsubscribeCode.Expired, "subscription expired"));
    }
}
