using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Ledger;

namespace Chaos.Proxy.Control.Routes;

/// <summary>The table of all routes.</summary>
internal static class ControlApi
{
    public static IReadOnlyList<ApiRoute> Routes(ProxyRegistry registry, LedgerWriter ledger, Func<Task<ReloadResult>> reload, TimeProvider time)
    {
        ApiRoute[] routes =
        [
            .. ToxiproxyRoutes.Of(registry), .. ToxicRoutes.Of(registry), PopulateRoute.Of(registry),
            .. OwnProxyRoutes.Of(registry), .. FaultRoutes.Of(registry), .. ConnectionRoutes.Of(registry, ledger), LedgerRoute.Of(ledger, time),
            .. HaltRoutes.Of(registry), ReloadRoute.Of(reload), .. StatusRoutes.Of(registry, ledger),
        ];
        return [.. routes, OpenApiRoute.Of(routes)];
    }
}
