using System.Text.Json;
using Chaos.Client.Parts;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>
/// The reference client without sockets, threads and clocks: inputs with the time they came at go in, actions go out through
/// <see cref="IClientActions"/> and what the application sees through <see cref="IClientObserver"/>, both within the call. After an input,
/// <see cref="NextDue"/> says when to call <see cref="Tick"/>. Times are offsets from one origin, in order but for what concurrent senders shift.
/// One call at a time.
/// </summary>
public sealed class ClientMachine
{
    private readonly Surroundings _around;
    private readonly Credentials _credentials;
    private readonly Subscriptions _subscriptions;
    private readonly Publishes _publishes;
    private readonly Link _link;

    /// <summary>A client that has not started.</summary>
    public ClientMachine(ClientOptions options, ClientParts parts, IClientActions actions, IClientObserver observer)
    {
        _around = new Surroundings(options, parts, actions, observer);
        _credentials = new Credentials(_around);
        _subscriptions = new Subscriptions(_around);
        _publishes = new Publishes(_around);
        _link = new Link(_around, _credentials, _subscriptions, _publishes);
    }

    /// <summary>Where the client stands.</summary>
    public ClientState State => _link.State;

    /// <summary>True when the client has ended and no socket of it is left.</summary>
    public bool Finished => _link is { State: ClientState.Stopped, Closing: 0 };

    /// <summary>Ordinal of the latest connection, 0 before the first.</summary>
    public int Connection => _around.Wire.Connection;

    /// <summary>Publishes without an acknowledgement.</summary>
    public int Unacknowledged => _publishes.Count;

    /// <summary>When to call <see cref="Tick"/>, or <see cref="TimeSpan.MaxValue"/>. Calling it earlier or more often is harmless.</summary>
    public TimeSpan NextDue
    {
        get
        {
            var due = _link.NextDue;
            if (State == ClientState.Stopped)
                return due;
            due = _credentials.NextDue < due ? _credentials.NextDue : due;
            due = _subscriptions.NextDue < due ? _subscriptions.NextDue : due;
            return _publishes.NextDue < due ? _publishes.NextDue : due;
        }
    }

    /// <summary>The application starts the client: the first attempt is due at once. Ignored after the first time.</summary>
    public void Start(TimeSpan now) => _link.Start(now);

    /// <summary>The application wants a channel. Ignored if it has it; asks again if it was refused or ended.</summary>
    public void Subscribe(string channel)
    {
        if (State != ClientState.Stopped)
            _subscriptions.Add(channel);
    }

    /// <summary>The application publishes. It is sent once connected, until acknowledged.</summary>
    /// <param name="channel">Channel.</param>
    /// <param name="data">A JSON object on one line that carries <paramref name="mid"/> as its member <c>mid</c>; kept, not copied.</param>
    /// <param name="mid">Idempotency key.</param>
    /// <param name="now">Now.</param>
    public void Publish(string channel, ReadOnlyMemory<byte> data, string mid, TimeSpan now)
    {
        if (State != ClientState.Stopped)
            _publishes.Add(channel, data, mid, now);
    }

    /// <summary>The application stops the client.</summary>
    public void Stop(TimeSpan now) => _link.Stop(now);

    /// <summary>A socket is open.</summary>
    public void Opened(int connection, TimeSpan now) => _link.Opened(connection, now);

    /// <summary>Bytes of an unfinished message arrived at <paramref name="at"/>, which may be past: the connection is slow, not dead.</summary>
    public void Activity(int connection, TimeSpan at)
    {
        if (_link.Is(connection))
            _link.Alive(at);
    }

    /// <summary>A whole WebSocket message arrived.</summary>
    /// <param name="connection">Ordinal of the connection.</param>
    /// <param name="frame">Its bytes, used during the call only.</param>
    /// <param name="now">When it arrived.</param>
    public void Received(int connection, ReadOnlyMemory<byte> frame, TimeSpan now)
    {
        if (!_link.Is(connection))
            return;
        _link.Alive(now);
        while (frame.Length > 0 && _link.Is(connection))
        {
            var end = frame.Span.IndexOf((byte)'\n');
            var line = end < 0 ? frame : frame[..end];
            frame = end < 0 ? default : frame[(end + 1)..];
            if (!line.Span.Trim(" \r\t"u8).IsEmpty)
                Message(line, now);
        }

        _link.Settled(now);
    }

    /// <summary>A socket could not be opened, was closed, or broke.</summary>
    /// <param name="connection">Ordinal of the connection.</param>
    /// <param name="cause">One of <see cref="Causes"/>.</param>
    /// <param name="code">Close code or HTTP status, if any.</param>
    /// <param name="reason">Reason or error text.</param>
    /// <param name="now">When.</param>
    public void Ended(int connection, string cause, int? code, string? reason, TimeSpan now) =>
        _link.Ended(connection, cause, code, reason, now);

    /// <summary>It is known whether the nearest region can be reached.</summary>
    public void Looked(bool reachable, TimeSpan now) => _link.Looked(reachable, now);

    /// <summary>A token is there; null only for a channel that needs none.</summary>
    public void TokenFetched(TokenPurpose purpose, string? channel, string? token, TimeSpan now)
    {
        if (State == ClientState.Stopped)
            return;
        if (purpose == TokenPurpose.Subscribe)
        {
            _subscriptions.TokenFetched(channel!, token);
            return;
        }

        _credentials.Fetched(purpose, token ?? throw new ArgumentNullException(nameof(token)));
        _link.TokenReady(now);
    }

    /// <summary>A token could not be had; it is tried again.</summary>
    public void TokenFailed(TokenPurpose purpose, string? channel, string message, TimeSpan now)
    {
        if (State == ClientState.Stopped)
            return;
        _around.Observer.Error(null, $"no token ({purpose} {channel}): {message}");
        if (purpose == TokenPurpose.Subscribe)
            _subscriptions.TokenFailed(channel!, now);
        else if (purpose == TokenPurpose.Refresh)
            _credentials.RefreshFailed(now);
        else
            _link.NoToken(now);
    }

    /// <summary>Time has passed.</summary>
    public void Tick(TimeSpan now)
    {
        _link.Tick(now);
        if (State == ClientState.Stopped)
            return;
        _credentials.Tick(now);
        _subscriptions.Tick(now);
        _publishes.Tick(now);
    }

    private void Message(ReadOnlyMemory<byte> line, TimeSpan now)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            _link.Unreadable(e.Message, now);
            return;
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                _link.Unreadable("a message is not an object", now);
            else if (root.Whole("id"u8) is > 0 and <= int.MaxValue and var id)
                Reply((int)id, root, now);
            else if (root.Member("push"u8) is { ValueKind: JsonValueKind.Object } push)
                Push(push, now);
            else if (!root.EnumerateObject().MoveNext())
                _link.Pinged();
        }
    }

    private void Reply(int id, JsonElement root, TimeSpan now)
    {
        if (!_around.Wire.TakeReply(id, out var ask, out var about))
            return;
        var error = root.Member("error"u8);
        switch (ask)
        {
            case Ask.Connect:
                _link.ConnectReply(root.Member("connect"u8), error, now);
                break;
            case Ask.Subscribe:
                _subscriptions.SubscribeReply(about, root.Member("subscribe"u8), error, now);
                break;
            case Ask.Publish:
                _publishes.Reply(id, about, error, now);
                break;
            case Ask.Refresh when error is { } refused:
                _credentials.RefreshRefused(refused, now);
                break;
            case Ask.Refresh:
                _credentials.Accepted(root.Member("refresh"u8), now);
                break;
            case Ask.SubRefresh:
                _subscriptions.SubRefreshReply(about, root.Member("sub_refresh"u8), error, now);
                break;
            case Ask.Unsubscribe when error is { } failed:
                _around.Observer.Error(failed.Code(), $"unsubscribe: {failed.Text("message"u8)}");
                break;
            default:
                break;
        }
    }

    private void Push(JsonElement push, TimeSpan now)
    {
        if (push.Member("disconnect"u8) is { } disconnect)
            _link.Disconnected(disconnect.Code(), disconnect.Text("reason"u8), now);
        else if (push.Text("channel"u8) is not { } channel)
            return;
        else if (push.Member("pub"u8) is { } publication)
            _subscriptions.Publication(channel, publication);
        else if (push.Member("unsubscribe"u8) is { } unsubscribe)
            _subscriptions.Unsubscribed(channel, unsubscribe.Code(), unsubscribe.Text("reason"u8));
    }
}
