using System.Text.Json;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>The life of connections: attempts, backoff, connect, liveness, loss, and the end.</summary>
internal sealed class Link(Surroundings around, Credentials credentials, Subscriptions subscriptions, Publishes publishes)
{
    private readonly Pulse _pulse = new(around);
    private readonly Places _places = new(around);
    private readonly Session _session = new(around.Parts.Resume);

    private TimeSpan _due = TimeSpan.MaxValue;
    private TimeSpan _closingDue = TimeSpan.MaxValue;
    private TimeSpan _leavingDue = TimeSpan.MaxValue;
    private bool _isMoving;
    // Not readonly: it is a value that changes.
    private AttemptPace _pace = new();

    public ClientState State { get; private set; }

    /// <summary>Ordinal of a connection that is over for this client but whose close handshake is still under way, or 0.</summary>
    public int Closing { get; private set; }

    public TimeSpan NextDue
    {
        get
        {
            var due = _closingDue < _due ? _closingDue : _due;
            due = _pace.StableDue < due ? _pace.StableDue : due;
            due = _places.Due < due ? _places.Due : due;
            due = _leavingDue < due ? _leavingDue : due;
            return State == ClientState.Connected && _pulse.NextDue < due ? _pulse.NextDue : due;
        }
    }

    /// <summary>True when <paramref name="connection"/> is the one messages are taken from.</summary>
    public bool Is(int connection) => connection == around.Wire.Connection && State is ClientState.Opening or ClientState.Connected;

    public void Start(TimeSpan now)
    {
        if (State == ClientState.Idle)
            Attempt(now);
    }

    public void Stop(TimeSpan now)
    {
        if (State == ClientState.Stopped)
            return;
        switch (State)
        {
            case ClientState.Opening or ClientState.Connected:
                CloseCurrent(1000, "stopped", now);
                break;
            case ClientState.Dialing or ClientState.AwaitingClose:
                around.Actions.Abort(around.Wire.Connection);
                break;
            default:
                break;
        }

        Lost(Causes.Local, null, null, terminal: true, now);
    }

    public void TokenReady(TimeSpan now)
    {
        if (State == ClientState.FetchingToken)
            Dial(now);
    }

    public void NoToken(TimeSpan now)
    {
        if (State != ClientState.FetchingToken)
            return;
        _pace.Attempt();
        Wait(now);
    }

    public void Opened(int connection, TimeSpan now)
    {
        if (connection != around.Wire.Connection || State != ClientState.Dialing)
            return;
        State = ClientState.Opening;
        _pace.Opened(around.Parts.AttemptReset);
        around.Wire.Open();
        var options = around.Options;
        var frame = FrameWriter.Start().Connect(around.Wire.Expect(Ask.Connect), credentials.Current, options.Name,
            options.ConnectData, _session.Offer());
        around.Wire.Send(subscriptions.Pipeline(frame, now));
    }

    public void ConnectReply(JsonElement? result, JsonElement? error, TimeSpan now)
    {
        if (error is { } refusal)
        {
            var code = refusal.Code();
            if (code == ErrorCodes.TokenExpired)
                credentials.Drop();
            CloseCurrent(1000, "connect refused", now);
            var terminal = around.Parts.TerminalCodes.IsTerminalConnectError(code, refusal.Flag("temporary"u8));
            Lost(Causes.Close, code, refusal.Text("message"u8), terminal, now);
            return;
        }

        var reply = result.GetValueOrDefault();
        State = ClientState.Connected;
        around.Wire.Authenticated = true;
        _due = TimeSpan.MaxValue;
        _pace.Connected(around.Parts.AttemptReset, around.Options.Policy, now);
        _places.Connected(now);
        _pulse.Start(reply, now);
        credentials.Accepted(reply, now);
        var resumed = _session.Take(reply);
        around.Observer.Connected(_session.Id, resumed, reply.Text("node"u8));
        publishes.Connected(now);
    }

    public void Pinged() => _pulse.Pinged();

    public void Alive(TimeSpan now) => _pulse.Alive(now);

    /// <summary>The gateway announced the close in a push.</summary>
    public void Disconnected(int code, string? reason, TimeSpan now)
    {
        CloseCurrent(1000, "disconnected", now);
        Closed(code, reason, now);
    }

    public void Unreadable(string message, TimeSpan now)
    {
        around.Observer.Error(null, $"unreadable message: {message}");
        CloseCurrent(1002, "unreadable message", now);
        Lost(Causes.Transport, null, "unreadable message", terminal: false, now);
    }

    public void Ended(int connection, string cause, int? code, string? reason, TimeSpan now)
    {
        if (connection == Closing)
        {
            (Closing, _closingDue) = (0, TimeSpan.MaxValue);
            if (_isMoving)
                Attempt(now);
            return;
        }

        if (connection != around.Wire.Connection)
            return;
        if (State == ClientState.AwaitingClose)
            Lost(Causes.Liveness, null, null, terminal: false, now);
        else if (State is not (ClientState.Dialing or ClientState.Opening or ClientState.Connected))
            return;
        else if (cause == Causes.Close && code is { } closeCode)
            Closed(closeCode, reason, now);
        else
            Lost(cause, code, reason, terminal: false, now);
    }

    public void Tick(TimeSpan now)
    {
        if (now >= _closingDue)
            AbortClosing();
        _pace.Tick(now);
        if (State == ClientState.Connected && _pulse.Tick(now))
            Dead(now);
        if (_places.IsDue(now))
            around.Actions.LookHome();
        if (now >= _leavingDue)
            StayAway(now);
        if (now >= _due)
            Due(now);
    }

    public void Looked(bool reachable, TimeSpan now)
    {
        if (State != ClientState.Connected || _places.Current == 0)
            return;
        if (!reachable)
        {
            _places.Stay(now);
            return;
        }

        // What was sent here and has no reply yet would be sent again there, where it may not be known for a while: it would happen twice.
        publishes.Hold();
        _leavingDue = now + TimeSpan.FromMilliseconds(around.Options.Policy.CloseTimeoutMs);
        Settled(now);
    }

    /// <summary>Replies were taken: a move that waits for them may go on.</summary>
    public void Settled(TimeSpan now)
    {
        if (_leavingDue == TimeSpan.MaxValue || publishes.InDoubt > 0)
            return;
        _places.Return();
        CloseCurrent(1000, "back to the nearest region", now);
        Lost(Causes.Moved, null, null, terminal: false, now);
    }

    /// <summary>Replies do not come: another time.</summary>
    private void StayAway(TimeSpan now)
    {
        _leavingDue = TimeSpan.MaxValue;
        publishes.Release(now);
        _places.Stay(now);
    }

    private void Due(TimeSpan now)
    {
        _due = TimeSpan.MaxValue;
        switch (State)
        {
            case ClientState.Waiting:
                Attempt(now);
                break;
            case ClientState.FetchingToken:
                around.Observer.Error(null, "no token in time");
                NoToken(now);
                break;
            case ClientState.Dialing or ClientState.Opening:
                around.Actions.Abort(around.Wire.Connection);
                Lost(Causes.Timeout, null, null, terminal: false, now);
                break;
            case ClientState.AwaitingClose:
                around.Actions.Abort(around.Wire.Connection);
                Lost(Causes.Liveness, null, null, terminal: false, now);
                break;
            default:
                break;
        }
    }

    private void Attempt(TimeSpan now)
    {
        _isMoving = false;
        if (credentials.Valid(now) is not null)
        {
            Dial(now);
            return;
        }

        State = ClientState.FetchingToken;
        _due = now + TimeSpan.FromMilliseconds(around.Options.Policy.ConnectTimeoutMs);
        around.Actions.FetchToken(TokenPurpose.Connect, null);
    }

    private void Dial(TimeSpan now)
    {
        AbortClosing();
        State = ClientState.Dialing;
        _due = now + TimeSpan.FromMilliseconds(around.Options.Policy.ConnectTimeoutMs);
        around.Observer.Attempt(_pace.Attempt(), _pace.DelayMs);
        around.Actions.Dial(around.Wire.Next(), _places.Current);
    }

    private void Dead(TimeSpan now)
    {
        var waitMs = around.Parts.CloseWait.DeadLinkMs(around.Options.Policy);
        if (waitMs <= 0)
        {
            around.Actions.Abort(around.Wire.Connection);
            Lost(Causes.Liveness, null, null, terminal: false, now);
            return;
        }

        around.Actions.Close(around.Wire.Connection, 1000, "no ping");
        around.Wire.Lost();
        State = ClientState.AwaitingClose;
        _due = now + TimeSpan.FromMilliseconds(waitMs);
    }

    private void Closed(int code, string? reason, TimeSpan now)
    {
        if (code == ErrorCodes.ConnectionExpired)
            credentials.Drop();
        Lost(Causes.Close, code, reason, around.Parts.TerminalCodes.IsTerminalClose(code), now);
    }

    private void CloseCurrent(int code, string reason, TimeSpan now)
    {
        Closing = around.Wire.Connection;
        _closingDue = now + TimeSpan.FromMilliseconds(around.Options.Policy.CloseTimeoutMs);
        around.Actions.Close(Closing, code, reason);
    }

    private void AbortClosing()
    {
        if (Closing != 0)
            around.Actions.Abort(Closing);
        (Closing, _closingDue) = (0, TimeSpan.MaxValue);
    }

    private void Lost(string cause, int? code, string? reason, bool terminal, TimeSpan now)
    {
        _pace.Lost(now);
        _leavingDue = TimeSpan.MaxValue;
        _places.Lost(wasConnected: State is ClientState.Connected or ClientState.AwaitingClose);
        around.Wire.Lost();
        credentials.Lost();
        subscriptions.Lost();
        publishes.Lost();
        around.Observer.Disconnected(cause, code, reason, terminal);
        if (terminal)
            (State, _due) = (ClientState.Stopped, TimeSpan.MaxValue);
        else if (cause == Causes.Moved)
            // Nothing failed, and the moment was drawn, so there is nothing to back off from; but the old connection ends in order first.
            (State, _due, _isMoving) = (ClientState.Waiting, _closingDue, true);
        else
            Wait(now);
    }

    private void Wait(TimeSpan now)
    {
        State = ClientState.Waiting;
        _due = _pace.Wait(around.Parts.Backoff, around.Options.Policy, around.Backoff, now);
    }
}
