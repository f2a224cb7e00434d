using Chaos.Gateway.Auth;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Upstream;

namespace Chaos.Gateway.Channels;

/// <summary>
/// Rules per tenant and subscription tokens. The first rule whose pattern matches decides; nothing matches, nothing is allowed.
/// A token that was sent is always verified, also where no rule asks for one: a client that presents a bad token is not served.
/// What rule and token allow is asked of the upstream service last, where the rule says so: while it does not answer nobody is let in, and
/// nobody is told no.
/// </summary>
/// <param name="upstream">Null without one; no rule asks it then, which the settings' validation sees to.</param>
internal sealed class RuleAuthorizer(GatewaySettings settings, ITokenVerifier tokens, TimeProvider time, IUpstreamAuthorization? upstream = null) : IChannelAuthorizer
{
    private readonly (ChannelPattern Pattern, ChannelRule Rule)[] _rules = [.. settings.Channels.Select(r => (new ChannelPattern(r.Pattern), r))];

    public async ValueTask<ChannelDecision> DecideAsync(ChannelRequest request)
    {
        if (!request.Channel.Contains(':', StringComparison.Ordinal)) return new ChannelDecision(ProtocolError.UnknownChannel);
        var rule = Array.Find(_rules, r => r.Pattern.Matches(request.Channel, request.Who)).Rule;
        var allowed = rule is not null && (request.Action == ChannelAction.Publish ? rule.Publish : rule.Subscribe);
        if (!allowed) return new ChannelDecision(ProtocolError.PermissionDenied);

        var decision = await ByTokenAsync(request, rule!);
        if (decision.Error is not null || !rule!.Ask) return decision;
        return await upstream!.AllowsAsync(request) ? decision : new ChannelDecision(ProtocolError.PermissionDenied);
    }

    private async ValueTask<ChannelDecision> ByTokenAsync(ChannelRequest request, ChannelRule rule)
    {
        if (request.Token is { Length: > 0 } token) return await VerifyAsync(request, token);
        if (!rule.Token) return new ChannelDecision(null);
        return request.HeldUntil is { } until && until > time.GetUtcNow()
            ? new ChannelDecision(null, until)
            : new ChannelDecision(ProtocolError.PermissionDenied);
    }

    private async ValueTask<ChannelDecision> VerifyAsync(ChannelRequest request, string token)
    {
        var result = await tokens.VerifyAsync(token);
        var fits = result.Identity is { } identity && identity.User == request.Who.User && identity.Tenant == request.Who.Tenant
                   && result.Channel == request.Channel;
        if (result.Fault == TokenFault.Invalid || !fits) return new ChannelDecision(ProtocolError.PermissionDenied);
        return result.Fault == TokenFault.Expired
            ? new ChannelDecision(ProtocolError.TokenExpired)
            : new ChannelDecision(null, result.Identity!.Expires);
    }
}
