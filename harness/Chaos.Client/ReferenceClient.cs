using System.Text.Json;
using Chaos.Client.Machine;
using Chaos.Client.Parts;
using Chaos.Client.Sockets;

namespace Chaos.Client;

/// <summary>
/// A <see cref="ClientMachine"/> on a <see cref="System.Net.WebSockets.ClientWebSocket"/>: one mailbox, handled one input at a time, and no thread of
/// its own. Its methods may be called from any thread, also from the observer.
/// </summary>
public sealed class ReferenceClient : IAsyncDisposable
{
    private readonly ClientOptions _options;
    private readonly Mailbox _mailbox;
    private readonly ClientMachine _machine;
    private readonly Shell _shell;
    private readonly Task _loop;

    /// <summary>A client that has not started.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="tokens">Where it gets tokens.</param>
    /// <param name="observer">What sees it. An exception from it ends the client and comes out of <see cref="StopAsync"/>.</param>
    /// <param name="parts">Its parts; the reference's when null.</param>
    /// <exception cref="ArgumentException">The address is not a ws or wss address.</exception>
    public ReferenceClient(ClientOptions options, ITokenSource tokens, IClientObserver observer, ClientParts? parts = null)
    {
        if (options.Url.Scheme is not ("ws" or "wss"))
            throw new ArgumentException($"{options.Url} is not a ws:// or wss:// address", nameof(options));
        _options = options;
        _mailbox = new Mailbox(options.Time);
        _shell = new Shell(options, tokens, _mailbox);
        _machine = new ClientMachine(options, parts ?? ClientParts.Reference, _shell, observer);
        _loop = MailLoop.RunAsync(_mailbox, _shell, () => _machine.Finished, () => _machine.NextDue, Handle);
    }

    /// <summary>The client's name.</summary>
    public string Name => _options.Name;

    /// <summary>Completes when the client has ended: stopped, or with the exception of its observer.</summary>
    public Task Completion => _loop;

    /// <summary>Wants a channel; before or after <see cref="Start"/>. Asks again for one that was refused or ended.</summary>
    public void Subscribe(string channel) => Post(MailKind.Subscribe, channel);

    /// <summary>Starts connecting, at once.</summary>
    public void Start() => Post(MailKind.Start);

    /// <summary>Publishes; sent when connected, and again until it is acknowledged or refused.</summary>
    /// <param name="channel">Channel.</param>
    /// <param name="jsonObject">A JSON object that carries <paramref name="mid"/> as its member <c>mid</c>; kept until acknowledged, not copied.</param>
    /// <param name="mid">Idempotency key.</param>
    /// <exception cref="ArgumentException">Not a JSON object.</exception>
    public void Publish(string channel, ReadOnlyMemory<byte> jsonObject, string mid) =>
        _mailbox.Post(new Mail(MailKind.Publish, _mailbox.Now) { Name = channel, Data = OneLine(jsonObject), Text = mid });

    /// <summary>Closes the connection and ends the client; waits for the close handshake at most the policy's close timeout.</summary>
    public Task StopAsync()
    {
        Post(MailKind.Stop);
        return _loop;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private void Post(MailKind kind, string? name = null) => _mailbox.Post(new Mail(kind, _mailbox.Now) { Name = name });

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
            case MailKind.Subscribe:
                _machine.Subscribe(mail.Name!);
                break;
            case MailKind.Publish:
                _machine.Publish(mail.Name!, mail.Data, mail.Text!, mail.At);
                break;
            case MailKind.Opened:
                _machine.Opened(mail.Connection, mail.At);
                break;
            case MailKind.Received:
                _machine.Received(mail.Connection, mail.Data, mail.At);
                break;
            case MailKind.Ended:
                _shell.Forget(mail.Connection);
                _machine.Ended(mail.Connection, mail.Name!, mail.Code, mail.Text, mail.At);
                break;
            case MailKind.TokenFetched:
                _machine.TokenFetched(mail.Purpose, mail.Name, mail.Text, mail.At);
                break;
            case MailKind.TokenFailed:
                _machine.TokenFailed(mail.Purpose, mail.Name, mail.Text!, mail.At);
                break;
            case MailKind.Looked:
                _machine.Looked(mail.Code == 1, mail.At);
                break;
            case MailKind.Tick:
                _shell.Woken();
                // Looked at only when something is due: bytes of an unfinished message keep a connection alive.
                _machine.Activity(_machine.Connection, _shell.LastByteAt(_machine.Connection));
                _machine.Tick(mail.At);
                break;
            default:
                throw new InvalidOperationException($"no such input: {mail.Kind}");
        }
    }

    /// <summary>Commands of a frame are separated by newlines, so a body must hold none. Inside a JSON string none can be.</summary>
    private static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new ArgumentException("the body of a publish must be a JSON object", nameof(json));
            reader.Skip();
            if (reader.Read())
                throw new ArgumentException("the body of a publish must be one JSON object", nameof(json));
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"the body of a publish is not JSON: {e.Message}", nameof(json), e);
        }

        if (json.Span.IndexOf((byte)'\n') < 0)
            return json;
        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }
}
