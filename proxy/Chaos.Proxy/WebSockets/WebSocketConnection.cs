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

/// <summary>One WebSocket connection: its handshake, its frames, its end.</summary>
internal sealed class WebSocketConnection : LinkConnection, IUpstreamUser
{
    /// <summary>How long a peer may take to answer a close frame that a fault sent.</summary>
    private static readonly TimeSpan CloseReplyTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How long the upstream may take to end once the client has.</summary>
    private static readonly TimeSpan UpstreamEndTimeout = TimeSpan.FromSeconds(5);

    private readonly RequestLeg _leg;
    private readonly HttpContext _context;
    private readonly WebSocketHandshake _handshake;
    private readonly string _path;
    private readonly long _arrivedNs = Monotonic.NowNs;
    private Happening _clientGone;
    private Happening _clientClosed;

    // Made when somebody waits, and new after each change.
    private TaskCompletionSource? _changed;
    private Socket? _upstream;
    private Stream? _upstreamStream;
    private PullLane? _up;
    private PushLane? _down;
    private string _clientHow = Ending.Fin;
    private ActiveFault? _closedBy;
    private Compression _compression;
    private bool _answered;
    private bool _killed;

    public WebSocketConnection(ClientLeg client, HttpContext context, WebSocketHandshake handshake)
        : base(client.Proxy.Link)
    {
        (_leg, _context, _handshake) = (new RequestLeg(client, context), context, handshake);
        Ordinal = client.TakeOrdinal();
        Client = RequestLabels.Client(context);
        _path = context.Request.Path.ToString();
    }

    /// <summary>Made anew each time: they are asked for when it opens, and seldom after that.</summary>
    public override IReadOnlyDictionary<string, string> Labels
    {
        get
        {
            var labels = new Dictionary<string, string>();
            if (Client is not null) labels["client"] = Client;
            if (_leg.IsStream) labels["protocol"] = RequestLabels.Http2;
            labels["path"] = _path;
            return labels;
        }
    }

    /// <inheritdoc/>
    public override string? Label(string name) => RequestLabels.Of(_context, name) ?? base.Label(name);

    public override bool CanReadMessage(Message message) => !message.IsCompressed || _compression == Compression.EachMessage;

    protected override string? Refusal(ActiveFault fault) =>
        _compression == Compression.WithContext && fault.Definition.Behaviour is MessageFault { Deflate.CorruptStream: false }
            ? "permessage-deflate with context takeover" : null;

    /// <summary>Lives through the request, and as long after it as a fault hides its end from the client.</summary>
    public async Task RunAsync(IHttpForwarder forwarder)
    {
        try
        {
            Link.Open(this);
            if (await RefuseAsync().ConfigureAwait(false) || HasEnded) return;
            var lifetime = _context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
            _handshake.Divert(_context, this);
            _context.Features.Set<IHttpRequestLifetimeFeature>(new LinkLifetime(lifetime, Over));
            await using var gone = lifetime.RequestAborted.UnsafeRegister(static self => ((WebSocketConnection)self!).OnRequestAborted(), this).ConfigureAwait(false);
            UpstreamStream.SendFor(this);
            await forwarder.SendAsync(_context, HttpProxy.Destination, _leg.Client.Proxy.Invoker, HttpProxy.Config, new Transformer(this)).ConfigureAwait(false);
            if (_up is null) EndUnanswered();
            else await FinishAsync(_up).ConfigureAwait(false);
        }
        finally
        {
            TryEnd(new Ending(Ending.Proxy, Ending.Fin));
            _leg.Release();
            await OverSource.CancelAsync().ConfigureAwait(false);
            Up?.Abort();
            Down?.Abort();
            if (_up is not null) await _up.Pump.ConfigureAwait(false);
            Link.Leave(this);
        }
    }

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

    public Stream Take(Socket socket, Stream stream)
    {
        (_upstream, _upstreamStream) = (socket, stream);
        // It may have been killed while the dial was under way.
        if (Volatile.Read(ref _killed)) socket.Reset();
        return stream;
    }

    public override void OnSourceEnded(Lane lane, Exception? failure)
    {
        NoteHow(failure);
        // The upstream must not learn of it behind a black hole; that the client is gone is the end all the same.
        if (lane.IsBlackholed) TryEnd(EndingByClient);
        _clientGone.Happen();
    }

    public override void NoteClose(Direction direction)
    {
        base.NoteClose(direction);
        if (direction == Direction.Upstream) _clientClosed.Happen();
    }

    public override void OnEndDelivered(Lane lane) => _ = EndUpstreamAsync();

    // The forwarder would end the upstream in order.
    public override void OnFailureDelivered(Lane lane, Exception failure)
    {
        if (SocketReset.IsReset(failure)) _upstream?.Reset();
    }

    public override void OnSinkFailed(Lane lane, Exception failure)
    {
        NoteHow(failure);
        _clientGone.Happen();
        Down?.Abort();
    }

    // A stream ends in order with END_STREAM alone.
    private void NoteHow(Exception? failure)
    {
        if (SocketReset.IsReset(failure) || (_leg.IsStream && failure is not null)) _clientHow = Ending.Rst;
    }

    public override void OnCloseSent(Lane lane, LaneItem item)
    {
        var act = item.Acts[0];
        Link.Injected(this, act.Fault, lane.Direction, item.Ordinal, act.Action, 0, 0, item.Bytes);
        _closedBy = act.Fault;
        if (act.Fault.Definition.Behaviour is CloseFault { Half: false }) _ = EndAfterReplyAsync(lane.Direction);
    }

    protected override void Attach(ActiveFault fault)
    {
        base.Attach(fault);
        if (fault.Definition.Behaviour is CloseFault && Up is not null) Close(fault);
    }

    protected override void OnWithdrawn(ActiveFault fault)
    {
        if (_closedBy == fault) OverSource.Cancel();
        Interlocked.Exchange(ref _changed, null)?.TrySetResult();
    }

    protected override void OnEnding(Ending ending)
    {
        if (!_answered) Answered(0, ending.By == Ending.ByFault ? Ending.ByFault : Ending.Upstream);
    }

    protected override void Kill()
    {
        if (Interlocked.Exchange(ref _killed, true)) return;
        _leg.Reset();
        _upstream?.Reset();
        OverSource.Cancel();
        Up?.Abort();
        Down?.Abort();
    }

    protected override void Close()
    {
        Up?.Abort();
        Down?.Abort();
        _ = _leg.EndAsync();
        _ = _upstream?.EndAsync(_upstreamStream!);
        OverSource.CancelAfter(CloseReplyTimeout);
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

    private Task NextChange
    {
        get
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _changed, mine, null) ?? mine).Task;
        }
    }

    private Ending EndingByClient => ClosedByFault ?? new Ending(Ending.Client, _clientHow);

    private Ending? ClosedByFault => _closedBy is { } fault && fault.Definition.Behaviour is CloseFault close
        ? new Ending(Ending.ByFault, Ending.Close, close.Code, close.Reason.Length > 0 ? close.Reason : null, fault.Name)
        : null;

    private void Answered(int status, string by)
    {
        _answered = true;
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
            if (_context.RequestAborted.IsCancellationRequested) return TryEnd(new Ending(Ending.Client, Ending.Fin)) || true;
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

    // YARP has stopped copying: the client or the upstream ended, or a fault did.
    private async Task FinishAsync(PullLane up)
    {
        var reset = !_clientGone.HasHappened && SocketReset.IsReset(_context.Features.Get<IForwarderErrorFeature>()?.Exception);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Over.UnsafeRegister(static done => ((TaskCompletionSource)done!).TrySetResult(), over).ConfigureAwait(false);
        // From here on nobody but the proxy reads the client; it must still be noticed when it goes.
        up.Discard();
        while (!Over.IsCancellationRequested && !_clientGone.HasHappened)
        {
            // Taken before the look, so that a change between the two is not missed.
            var changed = NextChange;
            if (!IsHeld) break;
            await Task.WhenAny(changed, _clientGone.Task, over.Task).ConfigureAwait(false);
        }
        _down!.PassPartial();
        if (!Over.IsCancellationRequested && !_clientGone.HasHappened)
            await Task.WhenAny(_down.DrainAsync(), _clientGone.Task, over.Task).ConfigureAwait(false);
        TryEnd(ClosedByFault ?? (_clientGone.HasHappened ? EndingByClient : new Ending(Ending.Upstream, reset ? Ending.Rst : Ending.Fin)));
        if (reset) _leg.Reset();
    }

    // The client must not learn that the upstream is gone.
    private bool IsHeld => Down!.IsBlackholed || _closedBy is { Active: true, Definition.Behaviour: CloseFault { Half: true } };

    private void Close(ActiveFault fault)
    {
        var close = (CloseFault)fault.Definition.Behaviour;
        if (close.Code == CloseFault.Abnormal)
        {
            Cut(fault, FaultAction.Reset, 0);
            return;
        }
        if (fault.Acts(Direction.Upstream)) Up?.InjectClose(CloseFrame.Create(close.Code, close.Reason, masked: true), fault);
        if (!fault.Acts(Direction.Downstream)) return;
        Down?.InjectClose(CloseFrame.Create(close.Code, close.Reason, masked: false), fault);
        // The client's answer is meant for the proxy; to the upstream the connection is simply gone.
        if (!fault.Acts(Direction.Upstream)) _up?.Discard();
    }

    private async Task EndAfterReplyAsync(Direction sent)
    {
        if (sent == Direction.Upstream)
        {
            // The upstream's answer passes on its way to the client, and ends the connection by itself.
            await Task.Delay(CloseReplyTimeout, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else await Task.WhenAny(_clientClosed.Task, _clientGone.Task, Task.Delay(CloseReplyTimeout, Over)).ConfigureAwait(false);
        TryEnd(ClosedByFault!);
        await OverSource.CancelAsync().ConfigureAwait(false);
    }

    // The forwarder cannot pass on a half-close, and waits for the upstream to end by itself: the upstream is told here.
    // Everything read before was written to it by now.
    private async Task EndUpstreamAsync()
    {
        if (_upstream is not null) await _upstream.EndAsync(_upstreamStream!).ConfigureAwait(false);
        await Task.Delay(UpstreamEndTimeout, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Over.IsCancellationRequested) await OverSource.CancelAsync().ConfigureAwait(false);
    }

    private void OnRequestAborted()
    {
        // Before the upgrade nobody reads from the client, so this is the only sign.
        if (_up is not null) return;
        _clientGone.Happen();
        OverSource.Cancel();
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
