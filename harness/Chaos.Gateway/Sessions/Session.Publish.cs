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
            // Without a key of the client's own, one of ours: a retry towards Redis must not publish twice either. No client can write one with a line break.
            var mid = command.Mid ?? $"\n{Client}/{Interlocked.Increment(ref _sequence)}";
            var result = await _services.Store.PublishAsync(new PublishRequest($"{who.Tenant}/{who.User}", command.Channel, mid, command.Data), _end.Token);
            if (result.Outcome == PublishOutcome.Conflict)
            {
                Refuse(command, ProtocolError.BadRequest.Because("data.mid was used with another body"), "conflict");
                return;
            }
            _services.Metrics.Publish(result.Outcome == PublishOutcome.Repeated ? "repeated" : "ok");
            Send(Replies.Published(command.Id));
        }
        catch (DependencyUnavailableException)
        {
            Refuse(command, ProtocolError.Internal, "unavailable");
        }
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
