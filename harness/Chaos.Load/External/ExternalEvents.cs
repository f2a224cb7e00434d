using Chaos.Load.Fleets;
using Chaos.Load.Recording;

namespace Chaos.Load.External;

/// <summary>Maps what a child reports to the journal, and answers its requests for tokens.</summary>
internal sealed class ExternalEvents(FleetSpec spec, FleetCore core, Action<string> send)
{
    private readonly Dictionary<string, ClientRecord> _clients = core.Recorder.Clients.ToDictionary(client => client.Name);

    /// <exception cref="InvalidDataException">The event is unknown, of an unknown client, or lacks a member.</exception>
    public void Handle(ExternalEvent e)
    {
        var at = e.At ?? core.Recorder.NowUs;
        if (!_clients.TryGetValue(e.Client ?? "", out var client)) throw new InvalidDataException($"no client is named \"{e.Client}\"");
        switch (e.Ev)
        {
            case "token":
                client.Token(at, Need(e.Purpose, "purpose"));
                send(ExternalCommands.Token(Need(e.Id, "id"), Issue(client.Name, e)));
                break;
            case "attempt":
                client.Attempt(at, Need(e.Attempt, "attempt"), e.DelayMs);
                break;
            case "connected":
                client.Connected(at, e.Session, e.Resumed ?? false, e.Node);
                break;
            case "disconnected":
                client.Disconnected(at, Need(e.Cause, "cause"), e.Code, e.Reason, e.Terminal ?? false);
                break;
            case "subscribed":
                client.Subscribed(at, Need(e.Channel, "channel"), e.WasRecovering ?? false, e.Recovered ?? false, e.Epoch, e.Offset ?? 0);
                break;
            case "unsubscribed":
                client.Unsubscribed(at, Need(e.Channel, "channel"), Need(e.Code, "code"), e.Reason);
                break;
            case "delivered":
                Deliver(client, at, e);
                break;
            case "acked":
                core.Feed?.Acked(client, at, Need(e.Channel, "channel"), Need(e.Mid, "mid"));
                break;
            case "publish_failed":
                core.Feed?.Failed(client, at, Need(e.Channel, "channel"), Need(e.Mid, "mid"), e.Code ?? 0, e.Message ?? "");
                break;
            case "error":
                client.Error(at, e.Code, Need(e.Message, "message"));
                break;
            default:
                throw new InvalidDataException($"no event is named \"{e.Ev}\"");
        }
    }

    private static void Deliver(ClientRecord client, long at, ExternalEvent e)
    {
        var (n, sentAt, us) = (Need(e.N, "n"), Need(e.SentAt, "sent_at"), Need(e.Us, "us"));
        if (n.Length != sentAt.Length || n.Length != us.Length) throw new InvalidDataException("n, sent_at and us differ in length");
        client.Delivered(at, Need(e.Channel, "channel"), Need(e.Publisher, "publisher"), n, sentAt, us);
    }

    private string Issue(string user, ExternalEvent e) => e.Purpose == "subscribe"
        ? spec.Tokens.Subscribe(user, spec.Tenant, Need(e.Channel, "channel"), spec.TokenTtl)
        : spec.Tokens.Connect(user, spec.Tenant, spec.TokenTtl);

    private static T Need<T>(T? value, string member) where T : class => value ?? throw new InvalidDataException($"\"{member}\" is missing");

    private static T Need<T>(T? value, string member) where T : struct => value ?? throw new InvalidDataException($"\"{member}\" is missing");
}
