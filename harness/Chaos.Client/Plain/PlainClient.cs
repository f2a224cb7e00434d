using Chaos.Client.Parts;
using Chaos.Client.Sockets;

namespace Chaos.Client.Plain;

/// <summary>
/// A <see cref="PlainMachine"/> on a <see cref="System.Net.WebSockets.ClientWebSocket"/>: one mailbox, handled one input at a time, and no
/// thread of its own. Its methods may be called from any thread.
/// </summary>
public sealed class PlainClient : IAsyncDisposable
{
    /// <summary>The parts of a plain client: the reference's, but for close codes. What a code of its own means to a gateway is not known, so
    /// none ends the client for good.</summary>
    public static ClientParts DefaultParts { get; } = ClientParts.Reference with { TerminalCodes = new NoTerminalCodes() };

    private readonly Mailbox _mailbox;
    private readonly PlainMachine _machine;
    private readonly Shell _shell;
    private readonly Task _loop;

    /// <summary>A client that has not started.</summary>
    /// <param name="options">What it is. It pings at the policy's interval, whatever its socket settings say.</param>
    /// <param name="observer">What sees it. An exception from it ends the client and comes out of <see cref="StopAsync"/>.</param>
    /// <param name="parts">Its parts; <see cref="DefaultParts"/> when null.</param>
    /// <exception cref="ArgumentException">The address is not a ws or wss address.</exception>
    public PlainClient(ClientOptions options, IClientObserver observer, ClientParts? parts = null)
    {
        if (options.Url.Scheme is not ("ws" or "wss"))
            throw new ArgumentException($"{options.Url} is not a ws:// or wss:// address", nameof(options));
        options = options with { Socket = options.Socket with { PingInterval = TimeSpan.FromMilliseconds(options.Policy.PingIntervalMs) } };
        _mailbox = new Mailbox(options.Time);
        _shell = new Shell(options, new NoTokens(), _mailbox);
        _machine = new PlainMachine(options, parts ?? DefaultParts, _shell, observer);
        _loop = MailLoop.RunAsync(_mailbox, _shell, () => _machine.Finished, () => _machine.NextDue, Handle);
    }

    /// <summary>Starts connecting, at once.</summary>
    public void Start() => _mailbox.Post(new Mail(MailKind.Start, _mailbox.Now));

    /// <summary>Closes the connection and ends the client; waits for the close handshake at most the policy's close timeout.</summary>
    public Task StopAsync()
    {
        _mailbox.Post(new Mail(MailKind.Stop, _mailbox.Now));
        return _loop;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private void Handle(in Mail mail)
    {
        switch (mail.Kind)
        {
            case MailKind.Start:
                _machine.Start(mail.At);
                break;
            case MailKind.Stop:
                _machine.Stop(mail.At);
                break;
            case MailKind.Opened:
                _machine.Opened(mail.Connection, mail.At);
                break;
            case MailKind.Received:
                // What it says is between the gateway and clients that know its protocol.
                _machine.Activity(mail.Connection, mail.At);
                break;
            case MailKind.Ended:
                _shell.Forget(mail.Connection);
                _machine.Ended(mail.Connection, mail.Name!, mail.Code, mail.Text, mail.At);
                break;
            case MailKind.Tick:
                _shell.Woken();
                // Answers to pings are no messages: only the socket below sees them.
                _machine.Activity(_machine.Connection, _shell.LastByteAt(_machine.Connection));
                _machine.Tick(mail.At);
                break;
            default:
                throw new InvalidOperationException($"no such input: {mail.Kind}");
        }
    }

    private sealed class NoTerminalCodes : ITerminalCodes
    {
        public bool IsTerminalClose(int code) => false;

        public bool IsTerminalConnectError(int code, bool temporary) => false;
    }

    private sealed class NoTokens : ITokenSource
    {
        public ValueTask<string> ConnectTokenAsync(CancellationToken cancel) => throw new NotSupportedException("A plain client has no tokens.");

        public ValueTask<string?> SubscribeTokenAsync(string channel, CancellationToken cancel) => throw new NotSupportedException("A plain client has no tokens.");
    }
}
