using Microsoft.AspNetCore.Http.Features;

namespace Chaos.Proxy.Http;

/// <summary>
/// Stands in for the server's lifetime feature. The server ends a request the moment the client is gone; behind a black
/// hole the upstream must not learn of that.
/// </summary>
/// <param name="over">Ends the request.</param>
/// <param name="mayAbort">Asked before the request is aborted from this side.</param>
internal sealed class LinkLifetime(IHttpRequestLifetimeFeature inner, CancellationToken over, Func<bool>? mayAbort = null) : IHttpRequestLifetimeFeature
{
    public CancellationToken RequestAborted { get; set; } = over;

    public void Abort()
    {
        if (mayAbort?.Invoke() != false) inner.Abort();
    }
}
