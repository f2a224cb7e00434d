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
internal sealed partial class WebSocketConnection : LinkConnection, IUpstreamUser
{
    private readonly RequestLeg _leg;
    private readonly HttpContext _context;
    private readonly WebSocketHandshake _handshake;
    private readonly string _path;
    private readonly long _arrivedNs = Monotonic.NowNs;
    private readonly Heartbeat _heartbeat = new();
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
    private bool _established;
    private string? _upstreamAddress;
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

    public override string? Established => _established && !HasEnded ? _upstreamAddress : null;

    public override void NotePing(long nowNs) => _heartbeat.Asked(nowNs);

    public override void NotePong(long nowNs)
    {
        if (_heartbeat.Answered(nowNs) is { } time) Link.Wire.RoundTrip(time);
    }

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

    public Stream Take(Socket socket, Stream stream)
    {
        (_upstream, _upstreamStream) = (socket, stream);
        _upstreamAddress = socket.RemoteEndPoint?.ToString();
        // It may have been killed while the dial was under way.
        if (Volatile.Read(ref _killed)) socket.Reset();
        return stream;
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
        else if (_established) Link.Wire.Ended(WithCloseFrame(ending));
    }
}
