using System.Net.Sockets;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.Tls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Proxy.Http;

/// <summary>
/// One plain request and its answer: a thing of its own on the link, with an ordinal, rolls and ledger lines like a
/// connection's. Its lanes are those of the upstream connection it has for itself, so faults on bytes act on heads and
/// bodies alike.
/// </summary>
internal sealed class HttpExchange : LinkConnection, IUpstreamUser
{
    /// <summary>How long the upstream may take to read the rest of a request that it has answered already.</summary>
    private static readonly TimeSpan RestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long peers may take to end their side once a fault has ended the proxy's.</summary>
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly RequestLeg _leg;
    private readonly HttpContext _context;
    private readonly Dictionary<string, string> _labels = [];
    private readonly ExchangeFaults _faults;
    private IHttpRequestLifetimeFeature? _lifetime;
    private Socket? _socket;
    private Stream? _stream;
    private PullLane? _down;
    private Task? _closing;
    private string _upstreamHow = Ending.Fin;
    private bool _answered;
    private bool _clientGone;
    private bool _finishing;
    private bool _dead;

    public HttpExchange(ClientLeg client, HttpContext context)
        : base(client.Proxy.Link)
    {
        (_leg, _context) = (new RequestLeg(client, context), context);
        Ordinal = client.TakeOrdinal();
        Client = RequestLabels.Client(context);
        if (Client is not null) _labels["client"] = Client;
        if (_leg.IsStream) _labels["protocol"] = RequestLabels.Http2;
        _labels["method"] = context.Request.Method;
        _labels["path"] = context.Request.Path.ToString();
        _faults = new ExchangeFaults(this, client, context);
    }

    public override IReadOnlyDictionary<string, string> Labels => _labels;

    /// <inheritdoc/>
    public override string? Label(string name) => RequestLabels.Of(_context, name) ?? base.Label(name);

    public long ArrivedNs { get; } = Monotonic.NowNs;

    /// <summary>Lives until the answer is complete, and as long after it as a fault hides the client's end from the upstream.</summary>
    public async Task RunAsync(IHttpForwarder forwarder)
    {
        try
        {
            Link.Open(this);
            if (HasEnded) return;
            var lifetime = _lifetime = _context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
            _context.Features.Set<IHttpRequestLifetimeFeature>(new LinkLifetime(lifetime, Over, MayForwarderAbort));
            if (_context.Features.Get<IHttpResetFeature>() is { } stream) _context.Features.Set<IHttpResetFeature>(new LinkReset(stream, MayForwarderAbort));
            await using var gone = lifetime.RequestAborted.UnsafeRegister(static self => ((HttpExchange)self!).OnClientGone(), this).ConfigureAwait(false);
            if (!await _faults.ForwardsAsync().ConfigureAwait(false)) return;
            _context.Response.Body = new AnswerBody(_faults, _context.Response.Body);
            UpstreamStream.SendFor(this);
            await forwarder.SendAsync(_context, HttpProxy.Destination, _leg.Client.Proxy.Invoker, HttpProxy.Config, new ExchangeTransformer(this, _faults)).ConfigureAwait(false);
            if (Volatile.Read(ref _finishing)) await LeaveAsync(lifetime).ConfigureAwait(false);
            else await FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            TryEnd(new Ending(Ending.Proxy, Ending.Fin));
            _leg.Release();
            lock (_gate)
                _dead = true;
            await OverSource.CancelAsync().ConfigureAwait(false);
            Up?.Abort();
            Down?.Abort();
            if (_down is not null) await _down.Pump.ConfigureAwait(false);
            if (_stream is not null) await (_closing ?? _socket!.CloseAsync(_stream)).ConfigureAwait(false);
            Link.Leave(this);
        }
    }

    public Stream Take(Socket socket, Stream stream)
    {
        lock (_gate)
        {
            (_socket, _stream) = (socket, stream);
            // It may have been killed while the dial was under way.
            if (_dead) socket.Reset();
        }
        _down = new PullLane(this, Direction.Downstream, framed: false, stream, Over);
        var up = new PushLane(this, Direction.Upstream, framed: false, new StreamSink(stream));
        StartLanes(up, _down);
        return new LinkStream(_down, up, OnForwarderDone);
    }

    /// <summary>The answer's status is known.</summary>
    public void Answered(int status, string by)
    {
        if (Interlocked.Exchange(ref _answered, true)) return;
        Link.Answer(this, status, by, ArrivedNs);
    }

    public override void OnSourceEnded(Lane lane, Exception? failure)
    {
        if (SocketReset.IsReset(failure)) _upstreamHow = Ending.Rst;
        // The client is gone and the upstream has lost its patience: nobody is left to hide anything from.
        if (Volatile.Read(ref _clientGone)) OverSource.Cancel();
    }

    public override void OnSinkFailed(Lane lane, Exception failure)
    {
        if (SocketReset.IsReset(failure)) _upstreamHow = Ending.Rst;
        Up?.Abort();
    }

    protected override void Attach(ActiveFault fault)
    {
        base.Attach(fault);
        if (fault.Definition.Behaviour is HttpAbortFault) _faults.OnAbortAdded();
    }

    protected override void OnWithdrawn(ActiveFault fault)
    {
        if (Volatile.Read(ref _clientGone) && Up is not { IsBlackholed: true }) OverSource.Cancel();
    }

    protected override void OnEnding(Ending ending) => Answered(0, ending.By == Ending.ByFault ? Ending.ByFault : Ending.Upstream);

    protected override void Kill()
    {
        lock (_gate)
        {
            if (_dead) return;
            _dead = true;
            _socket?.Reset();
            _leg.Reset();
            _lifetime?.Abort();
        }
        OverSource.Cancel();
        Up?.Abort();
        Down?.Abort();
    }

    protected override void Close()
    {
        Volatile.Write(ref _finishing, true);
        Up?.Abort();
        Down?.Abort();
        // An answer that breaks off is no order on a stream.
        if (_leg.IsStream) _leg.Reset();
        else _ = _leg.EndAsync();
        _ = _socket?.EndAsync(_stream!);
        OverSource.CancelAfter(CloseGrace);
    }

    // A fault has ended it in order. The server must not write any more, nor close before the client has had time to see the end.
    private static async Task LeaveAsync(IHttpRequestLifetimeFeature lifetime)
    {
        await Task.Delay(CloseGrace, lifetime.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lifetime.Abort();
    }

    private async Task FinishAsync()
    {
        if (HasEnded) return;
        // The forwarder's own answer, where there was none to pass on.
        Answered(_context.Response.StatusCode, Ending.Upstream);
        if (Up is { } up && !up.DrainAsync().IsCompleted)
        {
            // The upstream has answered before it had the whole request. The client need not wait for the rest of that.
            await _context.Response.CompleteAsync().ConfigureAwait(false);
            await Task.WhenAny(up.DrainAsync(), Task.Delay(RestTimeout, Over)).ConfigureAwait(false);
        }
        TryEnd(TlsException.In(_context.Features.Get<IForwarderErrorFeature>()?.Exception) is { } tls
            ? new Ending(Ending.Upstream, Ending.Tls, Reason: tls.Message)
            : new Ending(Ending.Upstream, _upstreamHow));
    }

    // The forwarder ends a read that is under way by closing the stream. What is queued for the upstream is not its business.
    private void OnForwarderDone()
    {
        if (Over.IsCancellationRequested || Up!.DrainAsync().IsCompleted) _closing = _socket!.CloseAsync(_stream!);
    }

    private void OnClientGone()
    {
        Volatile.Write(ref _clientGone, true);
        TryEnd(new Ending(Ending.Client, _leg.AbortedHow));
        // The upstream must not learn of it behind a black hole.
        if (Up is not { IsBlackholed: true }) OverSource.Cancel();
    }

    // The answer broke off. The server resets the client then; but a fault may have ended it in order.
    private bool MayForwarderAbort()
    {
        // Before the reset, which would look as if the client had gone.
        TryEnd(new Ending(Ending.Upstream, _upstreamHow));
        return !Volatile.Read(ref _finishing);
    }
}
