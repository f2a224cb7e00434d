using Chaos.Gateway.Auth;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Stores;

namespace Chaos.Gateway.Sessions;

/// <summary>Publishing.</summary>
internal sealed partial class Session
{
    private async Task PublishAsync(PublishCommand command, Identity who)
    {
        // Without a key of the client's own, one of ours: a retry towards Redis must not publish twice either. No client can write one with a line break.
        var mid = command.Mid ?? $"\n{Client}/{Interlocked.Increment(ref _sequence)}";
        using var turn = _order.Take(command.Channel, mid);
        if (Flaw(command) is { } flaw)
        {
            Refuse(command, flaw, "invalid");
            return;
        }
        try
        {
            var decision = await _services.Authorizer.DecideAsync(new ChannelRequest(who, command.Channel, ChannelAction.Publish, null, HeldUntil(command.Channel)));
            if (decision.Error is { } refusal)
            {
                Refuse(command, refusal, "refused");
                return;
            }
            if (!_services.Limits.TryTake(command.Channel))
            {
                Refuse(command, ProtocolError.TooManyRequests, "limited");
                return;
            }
            await StoreAsync(command, new PublishRequest($"{who.Tenant}/{who.User}", command.Channel, mid, command.Data, turn.After), turn);
        }
        catch (DependencyUnavailableException)
        {
            turn.Failed();
            Refuse(command, ProtocolError.Internal, "unavailable");
        }
    }

    private async Task StoreAsync(PublishCommand command, PublishRequest request, PublishTurn turn)
    {
        var result = await _services.Store.PublishAsync(request, _end.Token);
        if (result.Outcome == PublishOutcome.Early)
        {
            if (!await turn.BeforeAsync())
            {
                // Its client sends the one before again, and then this one must come after it.
                turn.Failed();
                Refuse(command, ProtocolError.Internal, "behind");
                return;
            }
            result = await _services.Store.PublishAsync(request with { After = null }, _end.Token);
        }
        if (result.Outcome == PublishOutcome.Conflict)
        {
            Refuse(command, ProtocolError.BadRequest.Because("data.mid was used with another body"), "conflict");
            return;
        }
        turn.Published();
        _services.Metrics.Publish(result.Outcome == PublishOutcome.Repeated ? "repeated" : "ok");
        Send(Replies.Published(command.Id));
    }

    private ProtocolError? Flaw(PublishCommand command)
    {
        if (NameError(command.Channel) is { } error) return error;
        if (command.Depth > _services.Settings.Limits.MaxJsonDepth) return ProtocolError.BadRequest.Because($"data nests {command.Depth} deep");
        return _services.Schemas.Breach(command.Channel, command.Data) is { } breach ? ProtocolError.BadRequest.Because(breach) : null;
    }

    private void Refuse(PublishCommand command, ProtocolError error, string outcome)
    {
        _services.Metrics.Publish(outcome);
        Fail(command, error);
    }
}
