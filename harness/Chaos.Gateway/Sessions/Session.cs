using Chaos.Gateway.Auth;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Resume;
using Chaos.Gateway.Streams;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Sessions;

/// <summary>
/// One connection's side of the protocol, apart from its socket: frames go in, messages and at most one close come out. Commands of a frame
/// start in order; those that wait for Redis go on beside each other, but for publishes on one channel.
/// </summary>
internal sealed partial class Session : IStreamSink, IAsyncDisposable
{
    private readonly SessionServices _services;
    private readonly ISessionTransport _transport;
    private readonly SessionDeadlines _deadlines;
    private readonly TokenBucket _commands;
    private readonly SemaphoreSlim _slots;
    private readonly PublishOrder _order = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldSubscription> _restored = new(StringComparer.Ordinal);
    private readonly ITimer _timer;
    private readonly long _started;
    private Identity? _who;
    private SessionLease? _lease;
    private CloseReason? _closing;
    private bool _connectFailed;
    private bool _ended;
    private string? _outcome;
    private int _channelStrikes;
    private TimeSpan _pinged;
    private int _commandStrikes;
    private long _sequence;

    public Session(SessionServices services, ISessionTransport transport)
    {
        (_services, _transport) = (services, transport);
        var (settings, limits) = (services.Settings, services.Settings.Limits);
        _deadlines = new SessionDeadlines(TimeSpan.FromMilliseconds(settings.PingIntervalMs), TimeSpan.FromMilliseconds(settings.PongTimeoutMs),
            TimeSpan.FromMilliseconds(limits.ConnectTimeoutMs));
        _commands = new TokenBucket(limits.CommandsPerSecond, limits.CommandsPerSecond * 2.0);
        _slots = new SemaphoreSlim(limits.CommandsInProgress);
        _started = services.Time.GetTimestamp();
        _timer = services.Time.CreateTimer(static s => ((Session)s!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    /// <summary>Id of this connection.</summary>
    public string Client { get; } = Guid.NewGuid().ToString();

    /// <summary>Called once, when the client has authenticated.</summary>
    public Action? Authenticated { get; init; }

    /// <summary>Who it is, once authenticated.</summary>
    public Identity? Who => _who;

    /// <summary>Its right to write the session's state, once authenticated.</summary>
    public SessionLease? Lease => _lease;

    /// <summary>The close that this side has begun.</summary>
    public CloseReason? Closing => Volatile.Read(ref _closing);

    private bool IsOver => _ended || Volatile.Read(ref _closing) is not null;

    /// <summary>Takes a frame. Returns when more may be read from this client.</summary>
    public async ValueTask ReceiveAsync(ReadOnlyMemory<byte> frame)
    {
        var rest = frame;
        while (!IsOver && Lines.TryNext(ref rest, out var line))
        {
            _services.Metrics.Message("in");
            if (line.Length > _services.Settings.Limits.MaxMessageBytes) Close(CloseReason.MessageTooBig);
            else if (CommandParser.Parse(line) is { } command) await DispatchAsync(command);
            else Close(CloseReason.BadRequest);
        }
    }

    public void Send(ReadOnlyMemory<byte> message)
    {
        if (IsOver) return;
        if (_transport.TrySend(message)) _services.Metrics.Message("out");
        else Close(CloseReason.Slow);
    }

    public void Close(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _closing, reason, null) is not null) return;
        // A slow client gets no more of what it did not read.
        _transport.Close(new CloseRequest(reason, Discard: reason == CloseReason.Slow));
    }

    /// <summary>The connection is over: leaves everything and hands its state over for resuming.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Subscription> subscriptions;
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
            subscriptions = [.. _subscriptions.Values];
            if (_lease is { } lease) _services.Saver.Add(lease, Snapshot());
        }
        await _end.CancelAsync();
        await _timer.DisposeAsync();
        foreach (var subscription in subscriptions) Leave(subscription);
        _services.Registry.Remove(this);
        if (_who is null) _services.Metrics.Connection(_outcome ?? (Closing is { } c ? $"closed_{c.Code}" : "left"));
    }

    private async ValueTask DispatchAsync(Command command)
    {
        var who = _who;
        if (who is null)
        {
            if (command is ConnectCommand connect && !_connectFailed)
            {
                await ConnectAsync(connect);
                return;
            }
            var decision = _services.PreAuth.Decide(command, _connectFailed);
            if (decision.ActAs is null)
            {
                Close(decision.Close ?? CloseReason.BadRequest);
                return;
            }
            who = decision.ActAs;
        }
        if (command is PongCommand)
        {
            OnPong();
            return;
        }
        if (!_commands.TryTake(Elapsed))
        {
            Fail(command, ProtocolError.TooManyRequests);
            if (++_commandStrikes >= _services.Settings.Limits.CommandStrikes) Close(CloseReason.TooManyRequests);
            return;
        }
        switch (command)
        {
            case ConnectCommand:
                Close(CloseReason.BadRequest);
                break;
            case RefusedCommand refused:
                Fail(command, refused.Error);
                break;
            case PingCommand:
                Send(Replies.Reply(command.Id, "ping"));
                break;
            default:
                await StartAsync(command, who);
                break;
        }
    }

    private async ValueTask StartAsync(Command command, Identity who)
    {
        try
        {
            await _slots.WaitAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        _ = RunAsync(command, who);
    }

    private async Task RunAsync(Command command, Identity who)
    {
        try
        {
            await (command switch
            {
                SubscribeCommand c => SubscribeAsync(c, who),
                UnsubscribeCommand c => UnsubscribeAsync(c),
                PublishCommand c => PublishAsync(c, who),
                HistoryCommand c => HistoryAsync(c, who),
                RefreshCommand c => RefreshAsync(c, who),
                SubRefreshCommand c => SubRefreshAsync(c, who),
                _ => throw new InvalidOperationException($"no handler for {command.Method}"),
            });
        }
        catch (DependencyUnavailableException)
        {
            Fail(command, ProtocolError.Internal);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            _services.Log.LogTrace("{Method} of a connection that is over", command.Method);
        }
        catch (Exception e)
        {
            _services.Log.LogError(e, "{Method} failed", command.Method);
            Fail(command, ProtocolError.Internal);
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Fail(Command command, ProtocolError error)
    {
        _services.Metrics.Error(command.Method, error.Code);
        Send(Replies.Error(command.Id, error));
    }

    private TimeSpan Elapsed => _services.Time.GetElapsedTime(_started);

    /// <summary>A moment on the wall as time since the session's start.</summary>
    private TimeSpan? FromNow(DateTimeOffset? moment) => moment is { } at ? Elapsed + (at - _services.Time.GetUtcNow()) : null;

    private SessionState Snapshot() =>
        new(_subscriptions.Values.Where(s => s.IsLive).ToDictionary(s => s.Name, s => s.Held(), StringComparer.Ordinal));
}
