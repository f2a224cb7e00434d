using Chaos.Proxy.Control.Api;

namespace Chaos.Proxy.Control.Routes;

/// <summary>The table of all routes.</summary>
internal static class ControlApi
{
    public static IReadOnlyList<ApiRoute> Routes(ProxyRegistry registry) =>
    [
        .. ToxiproxyRoutes.Of(registry), .. ToxicRoutes.Of(registry), PopulateRoute.Of(registry),
        .. FaultRoutes.Of(registry),
    ];
}
