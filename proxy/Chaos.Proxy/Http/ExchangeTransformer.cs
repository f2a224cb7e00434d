using Chaos.Proxy.Links;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Proxy.Http;

/// <summary>What happens to the heads of a request and of its answer on their way through.</summary>
internal sealed class ExchangeTransformer(HttpExchange exchange, ExchangeFaults faults) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        // True, as the connection is this request's alone; and the side that closes first keeps the port busy for a while.
        proxyRequest.Headers.ConnectionClose = true;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        await faults.DelayAnswerAsync().ConfigureAwait(false);
        var passes = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false);
        exchange.Answered(httpContext.Response.StatusCode, Ending.Upstream);
        if (!await faults.PassHeadAsync().ConfigureAwait(false)) return false;
        // An answer of unknown length may be a stream of events: its head must not wait for the first of them.
        if (proxyResponse?.Headers.TransferEncodingChunked == true) await httpContext.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        return passes;
    }
}
