using Chaos.Gateway.Auth;
using Chaos.Gateway.Resume;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Trusts the signature of a resume token and does not look at whose it is.</summary>
internal static class ResumeStolen
{
    internal static GatewayMutant Mutant { get; } = new("gateway.resume-stolen", "Resumes a session with another user's token.",
        services => services.Replace(ServiceDescriptor.Singleton<IResumeBinding, Anybody>()));

    private sealed class Anybody : IResumeBinding
    {
        public bool Belongs(ResumeClaims claims, Identity who) => true;
    }
}
