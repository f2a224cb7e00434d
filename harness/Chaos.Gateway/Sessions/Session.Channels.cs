using Chaos.Gateway.Auth;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Resume;
using Chaos.Gateway.Streams;

namespace Chaos.Gateway.Sessions;

/// <summary>Subscriptions and history.</summary>
internal sealed partial class Session
{
    private async Task SubscribeAsync(SubscribeCommand command, Identity who)
    {
        var subscription = new Subscription(command.Channel, new Subscriber(this));
        if (Reserve(subscription) is { } error)
        {
            Fail(command, error);
            return;
        }
        var started = false;
        try
        {
            HeldSubscription? held;
            lock (_gate) _restored.Remove(command.Channel, out held);
            var heldUntil = held?.TokenUntilUnixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : (DateTimeOffset?)null;
            var decision = await _services.Authorizer.DecideAsync(new ChannelRequest(who, command.Channel, ChannelAction.Subscribe, command.Token, heldUntil));
            if (decision.Error is { } refusal)
            {
                Fail(command, refusal);
                return;
            }
            subscription.TokenUntil = decision.Expires;
            subscription.Channel = _services.Hub.Join(command.Channel, subscription.Subscriber);
            // A client that says nothing about its position, but resumed its session, goes on where it is known to have been.
            var since = command.Recover ? new StreamPosition(command.Epoch, command.Offset, command.Seen) : held is null ? null : new StreamPosition(held.Epoch, held.Offset);
            started = await _services.Hub.StartAsync(subscription.Channel, subscription.Subscriber, since,
                result => Begin(command, subscription, since, result), _end.Token);
            if (!started)
            {
                Close(CloseReason.InsufficientState);
                return;
            }
            WatchExpiry(subscription);
            _services.Saver.Mark(this);
        }
        finally
        {
            if (!started || _ended) Drop(subscription);
            subscription.Settle();
        }
    }

    private ProtocolError? Reserve(Subscription subscription)
    {
        if (NameError(subscription.Name) is { } error) return error;
        lock (_gate)
        {
            if (_subscriptions.ContainsKey(subscription.Name)) return ProtocolError.AlreadySubscribed;
            if (_subscriptions.Count < _services.Settings.Limits.MaxChannels)
            {
                _subscriptions.Add(subscription.Name, subscription);
                return null;
            }
        }
        if (Interlocked.Increment(ref _channelStrikes) >= _services.Settings.Limits.ChannelLimitStrikes) Close(CloseReason.ChannelLimit);
        return ProtocolError.LimitExceeded;
    }

    /// <summary>Writes the reply. Runs inside the channel's lock: nothing can come between it and the first live publication.</summary>
    private ReadOnlyMemory<byte> Begin(SubscribeCommand command, Subscription subscription, StreamPosition? since, RecoveryResult result)
    {
        // A replay that would fill the client's queue by itself could never be taken: not recovered is the honest answer.
        var tooMuch = result.Publications.Sum(p => (long)p.Data.Length + 32) > _services.Settings.Limits.QueueBytes / 2;
        var recovered = result.Recovered && !tooMuch;
        // Of a client that comes from another region only the top is known in this stream's offsets.
        subscription.Begin(result.Position.Epoch, recovered && since!.Epoch == result.Position.Epoch ? since.Offset : result.Position.Offset);
        return Replies.Reply(command.Id, "subscribe", json =>
        {
            json.WriteBoolean("recoverable"u8, true);
            json.WriteBoolean("positioned"u8, true);
            json.WriteString("epoch"u8, result.Position.Epoch);
            json.WriteNumber("offset"u8, result.Position.Offset);
            if (since is not null)
            {
                json.WriteBoolean("was_recovering"u8, true);
                json.WriteBoolean("recovered"u8, recovered);
            }
            if (recovered) Replies.WritePublications(json, result.Publications);
            Replies.WriteSeen(json, result.Position.Seen);
            Replies.WriteExpiry(json, subscription.TokenUntil is { } until ? Ttl(until) : null);
        });
    }

    private async Task UnsubscribeAsync(UnsubscribeCommand command)
    {
        Subscription? subscription;
        lock (_gate) _subscriptions.TryGetValue(command.Channel, out subscription);
        if (subscription is not null)
        {
            await subscription.Settled;
            Drop(subscription);
            _services.Saver.Mark(this);
        }
        Send(Replies.Reply(command.Id, "unsubscribe"));
    }

    private async Task SubRefreshAsync(SubRefreshCommand command, Identity who)
    {
        Subscription? subscription;
        lock (_gate) _subscriptions.TryGetValue(command.Channel, out subscription);
        if (subscription is null)
        {
            Fail(command, ProtocolError.BadRequest.Because("not subscribed"));
            return;
        }
        await subscription.Settled;
        if (string.IsNullOrEmpty(command.Token))
        {
            Fail(command, ProtocolError.BadRequest.Because("token is missing"));
            return;
        }
        var decision = await _services.Authorizer.DecideAsync(new ChannelRequest(who, command.Channel, ChannelAction.Subscribe, command.Token));
        if (decision.Error is { } refusal)
        {
            Fail(command, refusal);
            return;
        }
        subscription.TokenUntil = decision.Expires;
        WatchExpiry(subscription);
        Send(Replies.Reply(command.Id, "sub_refresh", json => Replies.WriteExpiry(json, decision.Expires is { } until ? Ttl(until) : null)));
    }

    private async Task HistoryAsync(HistoryCommand command, Identity who)
    {
        if (NameError(command.Channel) is { } error)
        {
            Fail(command, error);
            return;
        }
        var decision = await _services.Authorizer.DecideAsync(new ChannelRequest(who, command.Channel, ChannelAction.History, null, HeldUntil(command.Channel)));
        if (decision.Error is { } refusal)
        {
            Fail(command, refusal);
            return;
        }
        var max = _services.Settings.History.RecoveryMax;
        var limit = command.Limit < 0 ? max : Math.Min(command.Limit, max);
        // Oldest first from a position, so the whole tail is read and cut; the store keeps no more than history.size of it.
        var read = await _services.Store.ReadAsync(command.Channel, limit == 0 ? null : command.Since ? command.Offset : 0, _services.Settings.History.Size, _end.Token);
        var lost = read.Epoch != command.Epoch || command.Offset > read.Top || (limit > 0 && read.Tail.Count < read.Top - command.Offset);
        if (command.Since && lost)
        {
            Fail(command, ProtocolError.UnrecoverablePosition);
            return;
        }
        IReadOnlyList<Publication> publications = [.. (command.Reverse ? read.Tail.Reverse() : read.Tail).Take(limit)];
        Send(Replies.Reply(command.Id, "history", json =>
        {
            Replies.WritePublications(json, publications);
            json.WriteString("epoch"u8, read.Epoch);
            json.WriteNumber("offset"u8, read.Top);
        }));
    }

    private void WatchExpiry(Subscription subscription)
    {
        var until = subscription.TokenUntil is { } expires ? _services.Expiry.RevokeAt(expires) : null;
        lock (_gate)
        {
            if (_subscriptions.TryGetValue(subscription.Name, out var current) && current == subscription)
                _deadlines.SubscriptionUntil(subscription.Name, FromNow(until));
        }
        Arm();
    }

    private void Drop(Subscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.TryGetValue(subscription.Name, out var current) && current == subscription)
            {
                _subscriptions.Remove(subscription.Name);
                _deadlines.SubscriptionUntil(subscription.Name, null);
            }
        }
        Leave(subscription);
    }

    private void Leave(Subscription subscription)
    {
        if (subscription.Channel is { } channel) _services.Hub.Leave(channel, subscription.Subscriber);
    }

    private DateTimeOffset? HeldUntil(string channel)
    {
        lock (_gate) return _subscriptions.TryGetValue(channel, out var subscription) && subscription.IsLive ? subscription.TokenUntil : null;
    }

    private ProtocolError? NameError(string channel) =>
        ChannelName.Flaw(channel, _services.Settings.Limits.MaxChannelBytes) is { } flaw ? ProtocolError.BadRequest.Because(flaw) : null;
}
