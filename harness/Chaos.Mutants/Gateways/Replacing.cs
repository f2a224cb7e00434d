using Chaos.Gateway.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>How broken gateways put their parts in place of the reference's.</summary>
internal static class Replacing
{
    /// <summary>Puts something around the reference's own part.</summary>
    /// <typeparam name="TService">What the gateway asks for.</typeparam>
    /// <typeparam name="TReference">The reference's part.</typeparam>
    public static IServiceCollection Wrap<TService, TReference>(this IServiceCollection services, Func<TReference, TService> wrap)
        where TService : class
        where TReference : class, TService =>
        services.AddSingleton<TReference>().Replace(ServiceDescriptor.Singleton(p => wrap(p.GetRequiredService<TReference>())));

    /// <summary>Lets the gateway work with other settings than it was given.</summary>
    public static IServiceCollection ChangeSettings(this IServiceCollection services, Func<GatewaySettings, GatewaySettings> change)
    {
        var settings = (GatewaySettings)services.Last(s => s.ServiceType == typeof(GatewaySettings)).ImplementationInstance!;
        return services.Replace(ServiceDescriptor.Singleton(change(settings)));
    }
}
