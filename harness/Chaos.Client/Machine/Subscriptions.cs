using System.Text.Json;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>The channels of one client: subscribing behind connect, tokens, and unsubscribes.</summary>
internal sealed class Subscriptions(Surroundings around)
{
    // A frame of pipelined subscribes is cut here, far below any gateway's frame limit.
    private const int FrameBytes = 16 * 1024;

    private readonly List<Subscription> _all = new(1);
    private readonly Delivery _delivery = new(around);

    /// <summary>No later than when the next one must be looked at.</summary>
    public TimeSpan NextDue { get; private set; } = TimeSpan.MaxValue;

    public void Add(string channel)
    {
        var subscription = Find(channel);
        if (subscription is { State: not SubscriptionState.Over })
            return;
        if (subscription is null)
            _all.Add(subscription = new Subscription(channel));
        FetchToken(subscription);
    }

    /// <summary>Appends the subscribes of every channel that is ready to the frame of the connect command.</summary>
    public FrameWriter Pipeline(FrameWriter frame, TimeSpan now)
    {
        foreach (var subscription in _all)
        {
            if (subscription.State != SubscriptionState.Ready)
                continue;
            if (subscription.TokenExpires <= now)
            {
                FetchToken(subscription);
                continue;
            }

            if (frame.Length > FrameBytes)
            {
                around.Wire.Send(frame);
                frame = FrameWriter.Start();
            }

            Append(frame, subscription);
        }

        return frame;
    }

    public void Lost()
    {
        NextDue = TimeSpan.MaxValue;
        foreach (var subscription in _all)
        {
            // A token is fetched again whether connected or not.
            Schedule(subscription, subscription.State == SubscriptionState.NeedsToken ? subscription.Due : TimeSpan.MaxValue);
            if (subscription.State is SubscriptionState.Subscribing or SubscriptionState.Live or SubscriptionState.Waiting)
                subscription.State = SubscriptionState.Ready;
        }
    }

    public void TokenFetched(string channel, string? token)
    {
        if (Find(channel) is not { State: not SubscriptionState.Over } subscription)
            return;
        subscription.Token = token;
        subscription.TokenExpires = TimeSpan.MaxValue;
        if (token is not null)
            around.Observer.Token("subscribe");
        if (subscription.State == SubscriptionState.NeedsToken)
        {
            subscription.State = SubscriptionState.Ready;
            if (around.Wire.Writable)
                Send(subscription);
        }
        else if (subscription.State == SubscriptionState.Live && token is not null)
        {
            var id = around.Wire.Expect(Ask.SubRefresh, subscription);
            around.Wire.Send(FrameWriter.Start().SubRefresh(id, channel, token));
        }
    }

    public void TokenFailed(string channel, TimeSpan now)
    {
        if (Find(channel) is { State: SubscriptionState.NeedsToken or SubscriptionState.Live } subscription)
            Schedule(subscription, now + around.RetryDelay(subscription.Tries++));
    }

    public void Tick(TimeSpan now)
    {
        if (now < NextDue)
            return;
        NextDue = TimeSpan.MaxValue;
        foreach (var subscription in _all)
        {
            if (subscription.Due > now)
            {
                Schedule(subscription, subscription.Due);
                continue;
            }

            subscription.Due = TimeSpan.MaxValue;
            if (subscription.State == SubscriptionState.Waiting && around.Wire.Writable)
                Send(subscription);
            else if (subscription.State is SubscriptionState.NeedsToken or SubscriptionState.Live)
                around.Actions.FetchToken(TokenPurpose.Subscribe, subscription.Channel);
        }
    }

    public void SubscribeReply(object? about, JsonElement? result, JsonElement? error, TimeSpan now)
    {
        var subscription = (Subscription)about!;
        if (subscription.State != SubscriptionState.Subscribing)
            return;
        if (error is { } refusal)
        {
            Refused(subscription, refusal, now);
            return;
        }

        subscription.State = SubscriptionState.Live;
        subscription.Tries = 0;
        Expiry(subscription, result, now);
        _delivery.Subscribed(subscription, result);
    }

    public void SubRefreshReply(object? about, JsonElement? result, JsonElement? error, TimeSpan now)
    {
        var subscription = (Subscription)about!;
        if (subscription.State != SubscriptionState.Live)
            return;
        if (error is not { } refusal)
        {
            subscription.Tries = 0;
            Expiry(subscription, result, now);
            return;
        }

        around.Observer.Error(refusal.Code(), $"sub_refresh of {subscription.Channel}: {refusal.Text("message"u8)}");
        if (refusal.Code() == ErrorCodes.TokenExpired || ErrorCodes.IsTemporary(refusal.Code(), refusal.Flag("temporary"u8)))
            Schedule(subscription, now + around.RetryDelay(subscription.Tries++));
    }

    public void Publication(string channel, JsonElement publication)
    {
        // Between a resubscribe and its reply live messages belong to the old subscription; recovery brings them again.
        if (Find(channel) is { State: SubscriptionState.Live } subscription && !_delivery.Live(subscription, publication))
            Resubscribe(subscription);
    }

    public void Unsubscribed(string channel, int code, string? reason)
    {
        if (Find(channel) is not { State: not SubscriptionState.Over } subscription)
            return;
        around.Observer.Unsubscribed(channel, code, reason);
        subscription.Due = TimeSpan.MaxValue;
        if (code < ErrorCodes.FirstResubscribe)
            subscription.State = SubscriptionState.Over;
        else if (code == ErrorCodes.SubscriptionExpired)
            FetchToken(subscription);
        else if (subscription.State is SubscriptionState.Live or SubscriptionState.Subscribing)
            Send(subscription);
    }

    private void Refused(Subscription subscription, JsonElement error, TimeSpan now)
    {
        var (code, message) = (error.Code(), error.Text("message"u8));
        if (code == ErrorCodes.TokenExpired && subscription.Tries++ == 0)
        {
            FetchToken(subscription);
            return;
        }

        if (code == ErrorCodes.UnrecoverablePosition && subscription.Epoch is not null)
        {
            subscription.Epoch = null;
            subscription.PositionLost = true;
            Send(subscription);
        }
        else if (code == ErrorCodes.TokenExpired || ErrorCodes.IsTemporary(code, error.Flag("temporary"u8)))
        {
            around.Observer.Error(code, $"subscribe to {subscription.Channel}: {message}");
            // A token that keeps expiring is fetched anew, but not in a tight loop.
            subscription.State = code == ErrorCodes.TokenExpired ? SubscriptionState.NeedsToken : SubscriptionState.Waiting;
            Schedule(subscription, now + around.RetryDelay(subscription.Tries++));
        }
        else
        {
            subscription.State = SubscriptionState.Over;
            around.Observer.Unsubscribed(subscription.Channel, code, message);
        }
    }

    private void Resubscribe(Subscription subscription)
    {
        var frame = FrameWriter.Start().Unsubscribe(around.Wire.Expect(Ask.Unsubscribe), subscription.Channel);
        Append(frame, subscription);
        around.Wire.Send(frame);
    }

    private void Send(Subscription subscription)
    {
        var frame = FrameWriter.Start();
        Append(frame, subscription);
        around.Wire.Send(frame);
    }

    private void Append(FrameWriter frame, Subscription subscription)
    {
        subscription.State = SubscriptionState.Subscribing;
        subscription.Due = TimeSpan.MaxValue;
        subscription.Recovering = subscription.Epoch is not null && around.Parts.Recovery.Recovers;
        frame.Subscribe(around.Wire.Expect(Ask.Subscribe, subscription), subscription.Channel, subscription.Token,
            subscription.Recovering, subscription.Epoch, subscription.Offset, subscription.Seen);
    }

    private void FetchToken(Subscription subscription)
    {
        subscription.State = SubscriptionState.NeedsToken;
        subscription.Due = TimeSpan.MaxValue;
        around.Actions.FetchToken(TokenPurpose.Subscribe, subscription.Channel);
    }

    private void Expiry(Subscription subscription, JsonElement? result, TimeSpan now)
    {
        subscription.TokenExpires = TimeSpan.MaxValue;
        subscription.Due = TimeSpan.MaxValue;
        if (result is not { } reply || !reply.Flag("expires"u8) || reply.Number("ttl"u8) is not (> 0 and < 1e9 and var ttl))
            return;
        subscription.TokenExpires = now + TimeSpan.FromSeconds(ttl);
        Schedule(subscription, now + around.RefreshAfter(ttl));
    }

    private void Schedule(Subscription subscription, TimeSpan due)
    {
        subscription.Due = due;
        if (due < NextDue)
            NextDue = due;
    }

    private Subscription? Find(string channel)
    {
        foreach (var subscription in _all)
        {
            if (subscription.Channel == channel)
                return subscription;
        }

        return null;
    }
}
