using Chaos.Gateway.Auth;
using Chaos.Gateway.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways that ask the right question and the wrong one of it: each forgets one part of authorization.</summary>
internal static class BrokenAuthorization
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Channels("gateway.publish-right-ignored", "Lets whoever may subscribe publish too.", (reference, _, request) => reference.DecideAsync(Always(request, ChannelAction.Publish))),
        Channels("gateway.history-open", "Hands out the history of channels to whoever asks.",
            (reference, _, request) => request.Action == ChannelAction.History ? ValueTask.FromResult(new ChannelDecision(null)) : reference.DecideAsync(request)),
        Channels("gateway.token-for-any-channel", "Takes a subscription token for whatever channel it is shown for.", TokenForAnyChannelAsync),
        Revoked("gateway.revocation-ignored", "Takes note of what is revoked and serves it all the same.", _ => new Ignored()),
        Revoked("gateway.revocation-of-users-only", "Revokes users, and not single tokens.", reference => new UsersOnly(reference)),
    ];

    private delegate ValueTask<ChannelDecision> Decide(IChannelAuthorizer reference, ITokenVerifier tokens, ChannelRequest request);

    private static ChannelRequest Always(ChannelRequest request, ChannelAction forgotten) =>
        request.Action == forgotten ? request with { Action = ChannelAction.Subscribe } : request;

    private static async ValueTask<ChannelDecision> TokenForAnyChannelAsync(IChannelAuthorizer reference, ITokenVerifier tokens, ChannelRequest request)
    {
        var decision = await reference.DecideAsync(request);
        if (decision.Error is null || request.Token is not { Length: > 0 } token) return decision;
        var result = await tokens.VerifyAsync(token);
        return result.Fault == TokenFault.None && result.Identity!.User == request.Who.User ? new ChannelDecision(null, result.Identity.Expires) : decision;
    }

    private static GatewayMutant Channels(string name, string summary, Decide decide) => new(name, summary, services => services
        .AddSingleton<RuleAuthorizer>()
        .Replace(ServiceDescriptor.Singleton<IChannelAuthorizer>(p => new Authorizer(p.GetRequiredService<RuleAuthorizer>(), p.GetRequiredService<ITokenVerifier>(), decide))));

    private static GatewayMutant Revoked(string name, string summary, Func<IRevocations, IRevocations> wrap) =>
        new(name, summary, services => services.Wrap<IRevocations, Revocations>(wrap));

    private sealed class Authorizer(IChannelAuthorizer reference, ITokenVerifier tokens, Decide decide) : IChannelAuthorizer
    {
        public ValueTask<ChannelDecision> DecideAsync(ChannelRequest request) => decide(reference, tokens, request);
    }

    private sealed class Ignored : IRevocations
    {
        public void Add(string key, DateTimeOffset moment)
        {
        }

        public bool Covers(Identity who) => false;
    }

    private sealed class UsersOnly(IRevocations reference) : IRevocations
    {
        public void Add(string key, DateTimeOffset moment) => reference.Add(key, moment);

        public bool Covers(Identity who) => reference.Covers(who with { TokenId = null });
    }
}
