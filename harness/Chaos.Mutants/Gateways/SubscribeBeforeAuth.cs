using Chaos.Gateway.Auth;
using Chaos.Gateway.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Answers a bad connect with an error and goes on with the subscribe that was sent in the same flush.</summary>
internal static class SubscribeBeforeAuth
{
    internal static GatewayMutant Mutant { get; } = new("gateway.subscribe-before-auth", "Honours a subscribe that was pipelined behind a connect that failed.",
        services => services.Replace(ServiceDescriptor.Singleton<IPreAuthPolicy, Lenient>()));

    private sealed class Lenient(TimeProvider time) : IPreAuthPolicy
    {
        private readonly PreAuthPolicy _reference = new();

        public CloseReason? AfterRefusal(TokenFault fault) => null;

        public PreAuthDecision Decide(Command command, bool connectFailed)
        {
            if (!connectFailed || command is not SubscribeCommand subscribe) return _reference.Decide(command, connectFailed);
            var now = time.GetUtcNow();
            return new PreAuthDecision(null, new Identity("", subscribe.Channel.Split(':')[0], now + TimeSpan.FromHours(1), now, null));
        }
    }
}
