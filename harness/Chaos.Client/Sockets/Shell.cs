using Chaos.Client.Machine;

namespace Chaos.Client.Sockets;

/// <summary>Does a machine's actions on sockets, timers and a token source. What becomes of them is posted to the mailbox.</summary>
internal sealed class Shell : IClientActions, IDisposable
{
    private readonly Dictionary<int, SocketConnection> _connections = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly ClientOptions _options;
    private readonly ITokenSource _tokens;
    private readonly Mailbox _mailbox;
    private readonly ITimer _timer;
    private readonly Uri[] _urls;
    private TimeSpan _armed = TimeSpan.MaxValue;

    public Shell(ClientOptions options, ITokenSource tokens, Mailbox mailbox)
    {
        (_options, _tokens, _mailbox) = (options, tokens, mailbox);
        _urls = [WithName(options.Url, options.Name), .. options.Elsewhere.Select(url => WithName(url, options.Name))];
        _timer = options.Time.CreateTimer(static state => ((Mailbox)state!).Post(new Mail(MailKind.Tick, ((Mailbox)state).Now)), mailbox,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dial(int connection, int place)
    {
        var socket = new SocketConnection(connection, _options, _mailbox);
        _connections[connection] = socket;
        _ = socket.RunAsync(_urls[place]);
    }

    public void Send(int connection, ReadOnlyMemory<byte> frame) => Find(connection)?.Send(frame);

    public void Close(int connection, int code, string reason) => Find(connection)?.Close(code, reason);

    public void Abort(int connection)
    {
        if (_connections.Remove(connection, out var socket))
            socket.Abort();
    }

    /// <summary>When the last byte of a connection arrived, zero when there is none.</summary>
    public TimeSpan LastByteAt(int connection) => Find(connection)?.LastByteAt ?? TimeSpan.Zero;

    /// <summary>Forgets a socket that has ended.</summary>
    public void Forget(int connection) => _connections.Remove(connection);

    public void LookHome() => _ = LookHomeAsync();

    public void FetchToken(TokenPurpose purpose, string? channel) => _ = FetchTokenAsync(purpose, channel);

    /// <summary>Sees that the machine is called again by then. A timer that fires too early is set again, so one that is to fire later is left.</summary>
    public void WakeAt(TimeSpan due, TimeSpan now)
    {
        if (due >= _armed)
            return;
        _armed = due;
        // Timers count whole milliseconds: rounded up, or it would fire before it is due.
        var delayMs = Math.Ceiling(Math.Clamp((due - now).TotalMilliseconds, 0, 86_400_000));
        _timer.Change(TimeSpan.FromMilliseconds(delayMs), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The timer has fired.</summary>
    public void Woken() => _armed = TimeSpan.MaxValue;

    public void Dispose()
    {
        _timer.Dispose();
        _ended.Cancel();
        _ended.Dispose();
        foreach (var socket in _connections.Values)
            socket.Abort();
        _connections.Clear();
    }

    private async Task LookHomeAsync()
    {
        var timeout = TimeSpan.FromMilliseconds(_options.Policy.ConnectTimeoutMs);
        var ready = await Probe.IsReadyAsync(_urls[0], timeout, _options.Time, _ended.Token);
        _mailbox.Post(new Mail(MailKind.Looked, _mailbox.Now) { Code = ready ? 1 : 0 });
    }

    private async Task FetchTokenAsync(TokenPurpose purpose, string? channel)
    {
        var cancel = _ended.Token;
        Mail mail;
        try
        {
            var token = purpose == TokenPurpose.Subscribe
                ? await _tokens.SubscribeTokenAsync(channel!, cancel)
                : await _tokens.ConnectTokenAsync(cancel);
            mail = new Mail(MailKind.TokenFetched, _mailbox.Now) { Text = token };
        }
#pragma warning disable CA1031 // Whatever a token source throws is reported to the observer and tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            mail = new Mail(MailKind.TokenFailed, _mailbox.Now) { Text = e.Message };
        }

        _mailbox.Post(mail with { Purpose = purpose, Name = channel });
    }

    private SocketConnection? Find(int connection) => _connections.GetValueOrDefault(connection);

    private static Uri WithName(Uri url, string name)
    {
        if (url.Query.TrimStart('?').Split('&').Any(part => part.StartsWith("client=", StringComparison.Ordinal)))
            return url;
        var named = "client=" + Uri.EscapeDataString(name);
        return new UriBuilder(url) { Query = url.Query.Length > 1 ? url.Query[1..] + "&" + named : named }.Uri;
    }
}
