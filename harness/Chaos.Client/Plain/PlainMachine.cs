using System.Text;
using Chaos.Client.Machine;
using Chaos.Client.Parts;
using Chaos.Client.Protocol;
using Chaos.Client.Randomness;

namespace Chaos.Client.Plain;

/// <summary>
/// A client that knows no more than WebSocket: it is connected once the handshake is done, takes whatever arrives, and comes back as the
/// reference client does, with the same parts, policy and random streams. Without sockets, threads and clocks, like
/// <see cref="ClientMachine"/>. One call at a time.
/// </summary>
/// <param name="options">What it is.</param>
/// <param name="parts">Its parts; those about messages are of no use to it.</param>
/// <param name="actions">Does what it wants done. No token is ever asked for.</param>
/// <param name="observer">What sees it.</param>
public sealed class PlainMachine(ClientOptions options, ClientParts parts, IClientActions actions, IClientObserver observer)
{
    private readonly Silence _silence = new(parts.Liveness, options.Policy);

    // Not readonly: it is a value that changes.
    private AttemptPace _pace = new();
    private Random? _backoff;
    private TimeSpan _due = TimeSpan.MaxValue;
    private TimeSpan _closingDue = TimeSpan.MaxValue;
    private int _closing;

    /// <summary>Where the client stands. It has no tokens and no connect reply, so some states are never entered.</summary>
    public ClientState State { get; private set; }

    /// <summary>Ordinal of the latest connection, 0 before the first.</summary>
    public int Connection { get; private set; }

    /// <summary>True when the client has ended and no socket of it is left.</summary>
    public bool Finished => State == ClientState.Stopped && _closing == 0;

    /// <summary>When to call <see cref="Tick"/>, or <see cref="TimeSpan.MaxValue"/>. Calling it earlier or more often is harmless.</summary>
    public TimeSpan NextDue
    {
        get
        {
            var due = _closingDue < _due ? _closingDue : _due;
            due = _pace.StableDue < due ? _pace.StableDue : due;
            return State == ClientState.Connected && _silence.NextDue < due ? _silence.NextDue : due;
        }
    }

    /// <summary>The first attempt is due at once. Ignored after the first time.</summary>
    public void Start(TimeSpan now)
    {
        if (State == ClientState.Idle) Dial(now);
    }

    /// <summary>The application stops the client: it says goodbye with a close frame where it can.</summary>
    public void Stop(TimeSpan now)
    {
        if (State == ClientState.Stopped) return;
        if (State == ClientState.Connected)
        {
            (_closing, _closingDue) = (Connection, now + TimeSpan.FromMilliseconds(options.Policy.CloseTimeoutMs));
            actions.Close(_closing, 1000, "stopped");
        }
        else if (State is ClientState.Dialing or ClientState.AwaitingClose)
        {
            actions.Abort(Connection);
        }

        Lost(Causes.Local, null, null, terminal: true, now);
    }

    /// <summary>The handshake is done.</summary>
    public void Opened(int connection, TimeSpan now)
    {
        if (connection != Connection || State != ClientState.Dialing) return;
        (State, _due) = (ClientState.Connected, TimeSpan.MaxValue);
        _pace.Opened(parts.AttemptReset);
        _pace.Connected(parts.AttemptReset, options.Policy, now);
        _silence.Start(now);
        observer.Connected(null, resumed: false, null);
        if (options.Socket.Hello is { } hello) actions.Send(connection, Encoding.UTF8.GetBytes(hello));
    }

    /// <summary>Bytes arrived at <paramref name="at"/>, which may be past: a message, part of one, or the answer to a ping.</summary>
    public void Activity(int connection, TimeSpan at)
    {
        if (connection == Connection && State == ClientState.Connected) _silence.Broken(at);
    }

    /// <summary>A socket could not be opened, was closed, or broke.</summary>
    /// <param name="connection">Ordinal of the connection.</param>
    /// <param name="cause">One of <see cref="Causes"/>.</param>
    /// <param name="code">Close code or HTTP status, if any.</param>
    /// <param name="reason">Reason or error text.</param>
    /// <param name="now">When.</param>
    public void Ended(int connection, string cause, int? code, string? reason, TimeSpan now)
    {
        if (connection == _closing)
        {
            (_closing, _closingDue) = (0, TimeSpan.MaxValue);
            return;
        }

        if (connection != Connection) return;
        if (State == ClientState.AwaitingClose)
            Lost(Causes.Liveness, null, null, terminal: false, now);
        else if (State is ClientState.Dialing or ClientState.Connected)
            Lost(cause, code, reason, cause == Causes.Close && parts.TerminalCodes.IsTerminalClose(code ?? 0), now);
    }

    /// <summary>Time has passed.</summary>
    public void Tick(TimeSpan now)
    {
        if (now >= _closingDue)
        {
            actions.Abort(_closing);
            (_closing, _closingDue) = (0, TimeSpan.MaxValue);
        }

        _pace.Tick(now);
        if (State == ClientState.Connected && _silence.IsTooLong(now)) Dead(now);
        if (now >= _due) Due(now);
    }

    private void Due(TimeSpan now)
    {
        _due = TimeSpan.MaxValue;
        if (State == ClientState.Waiting)
        {
            Dial(now);
            return;
        }

        // Neither the end of a handshake nor that of a dead connection is waited for any longer.
        var cause = State == ClientState.Dialing ? Causes.Timeout : Causes.Liveness;
        actions.Abort(Connection);
        Lost(cause, null, null, terminal: false, now);
    }

    private void Dial(TimeSpan now)
    {
        State = ClientState.Dialing;
        _due = now + TimeSpan.FromMilliseconds(options.Policy.ConnectTimeoutMs);
        observer.Attempt(_pace.Attempt(), _pace.DelayMs);
        actions.Dial(++Connection, 0);
    }

    private void Dead(TimeSpan now)
    {
        var waitMs = parts.CloseWait.DeadLinkMs(options.Policy);
        if (waitMs <= 0)
        {
            actions.Abort(Connection);
            Lost(Causes.Liveness, null, null, terminal: false, now);
            return;
        }

        actions.Close(Connection, 1000, "silent");
        (State, _due) = (ClientState.AwaitingClose, now + TimeSpan.FromMilliseconds(waitMs));
    }

    private void Lost(string cause, int? code, string? reason, bool terminal, TimeSpan now)
    {
        _pace.Lost(now);
        observer.Disconnected(cause, code, reason, terminal);
        if (terminal)
        {
            (State, _due) = (ClientState.Stopped, TimeSpan.MaxValue);
            return;
        }

        State = ClientState.Waiting;
        _due = _pace.Wait(parts.Backoff, options.Policy, _backoff ??= SeedTree.Stream(options.Seed, options.Name, "backoff"), now);
    }
}
