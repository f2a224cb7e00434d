using System.Globalization;
using System.Net.Sockets;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Http;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.Tls;
using Chaos.Proxy.WebSockets.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Proxy.WebSockets;

/// <summary>From the request to the answer: refusals by faults, and what is offered to the upstream.</summary>
internal sealed partial class WebSocketConnection
{
    /// <summary>YARP got its 101 from the upstream: the client gets its answer, and frames begin.</summary>
    public async Task<Stream> UpgradeAsync()
    {
        var stream = await _handshake.AcceptAsync().ConfigureAwait(false);
        Answered(_handshake.Success, Ending.Upstream);
        _compression = Deflate.Agreed(_context.Response.Headers[Deflate.Header].ToString());
        if (_compression == Compression.WithContext) GiveUpRefused();
        _up = new PullLane(this, Direction.Upstream, framed: true, stream, Over);
        _down = new PushLane(this, Direction.Downstream, framed: true, new StreamSink(stream));
        StartLanes(_up, _down);
        if (Hit<CloseFault>() is { } fault) Close(fault);
        return new LinkStream(_up, _down);
    }

    private void OfferCompression(HttpRequestMessage request)
    {
        if (HitBehaviours<HandshakeFault>().Any(handshake => handshake.StripExtensions))
        {
            request.Headers.Remove(Deflate.Header);
            return;
        }
        var policies = HitBehaviours<MessageFault>().Select(fault => fault.Deflate).OfType<DeflatePolicy>().ToArray();
        if (policies.Length == 0) return;
        var offer = Deflate.Offer(_context.Request.Headers[Deflate.Header].ToString(), policies);
        request.Headers.Remove(Deflate.Header);
        if (offer is not null) request.Headers.TryAddWithoutValidation(Deflate.Header, offer);
    }

    private void Answered(int status, string by)
    {
        _answered = true;
        _established = by == Ending.Upstream && status == _handshake.Success;
        Link.Wire.Handshake(Client, status, _established, by);
        Link.Handshake(this, status, by, _arrivedNs);
    }

    private async Task<bool> RefuseAsync()
    {
        var passed = new HashSet<ActiveFault>();
        while (!HasEnded && Array.Find(Hits, hit => hit.Definition.Behaviour is HandshakeFault && !passed.Contains(hit)) is { } fault)
        {
            var handshake = (HandshakeFault)fault.Definition.Behaviour;
            using (var stop = CancellationTokenSource.CreateLinkedTokenSource(fault.Removed, Over, _context.RequestAborted))
                await DueDelay.UntilAsync(Link.Scheduler, _arrivedNs + Decision.ToUs(handshake.DelayMs) * 1000, stop.Token).ConfigureAwait(false);
            if (_context.RequestAborted.IsCancellationRequested) return TryEnd(new Ending(Ending.Client, _leg.AbortedHow)) || true;
            // The fault left meanwhile: the handshake goes on as if it had never been there.
            if (!fault.Active || HasEnded) continue;
            Link.Injected(this, fault, handshake.Status is null ? Direction.Upstream : Direction.Downstream, 0, handshake.Status is null ? FaultAction.Stripped : FaultAction.Refused,
                Decision.ToUs(handshake.DelayMs), (Monotonic.NowNs - _arrivedNs) / 1000, 0);
            if (handshake.Status is { } status)
            {
                await RefuseAsync(status, handshake.RetryAfterSeconds).ConfigureAwait(false);
                TryEnd(new Ending(Ending.ByFault, Ending.Fin, Fault: fault.Name));
                return true;
            }
            passed.Add(fault);
        }
        return false;
    }

    private async Task RefuseAsync(int status, int? retryAfterSeconds)
    {
        _context.Response.StatusCode = status;
        if (retryAfterSeconds is { } seconds) _context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (!_leg.IsStream) _context.Response.Headers.Connection = "close";
        _context.Response.ContentLength = 0;
        await _context.Response.CompleteAsync().ConfigureAwait(false);
        Answered(status, Ending.ByFault);
    }

    private void EndUnanswered()
    {
        if (HasEnded) return;
        if (_clientGone.HasHappened)
        {
            TryEnd(EndingByClient);
            return;
        }
        Answered(_context.Response.StatusCode, Ending.Upstream);
        TryEnd(TlsException.In(_context.Features.Get<IForwarderErrorFeature>()?.Exception) is { } tls
            ? new Ending(Ending.Upstream, Ending.Tls, Reason: tls.Message)
            : new Ending(Ending.Upstream, Ending.Fin));
    }

    private sealed class Transformer(WebSocketConnection connection) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
            connection.OfferCompression(proxyRequest);
        }
    }
}
