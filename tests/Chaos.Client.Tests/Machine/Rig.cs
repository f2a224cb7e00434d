using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Client.Machine;
using Chaos.Client.Parts;
using Chaos.Client.Policies;
using Xunit;

namespace Chaos.Client.Tests.Machine;

/// <summary>A machine in virtual time: records its actions and what its application sees, and checks after every input that at most one
/// connection is in use.</summary>
internal sealed class Rig : IClientActions, IClientObserver
{
    public const string Channel = "acme:news";

    private readonly Queue<(TokenPurpose Purpose, string? Channel)> _wanted = new();
    private readonly HashSet<int> _inUse = [];
    private int _tokens;
    private string? _epoch;

    public Rig(ClientParts? parts = null, ClientPolicy? policy = null, string name = "c-0001", long seed = 1, JsonObject? data = null, int elsewhere = 0)
    {
        Options = new ClientOptions { Url = new Uri("ws://gateway.test/"), Name = name, Seed = seed, Policy = policy ?? new ClientPolicy(), ConnectData = data,
            Elsewhere = [.. Enumerable.Range(1, elsewhere).Select(i => new Uri($"ws://region-{i}.test/"))] };
        Machine = new ClientMachine(Options, parts ?? ClientParts.Reference, this, this);
    }

    public ClientOptions Options { get; }
    public ClientMachine Machine { get; }
    public TimeSpan Now { get; private set; }

    /// <summary>Ordinal of the latest dial.</summary>
    public int Dialed { get; private set; }

    /// <summary>Place of the latest dial.</summary>
    public int Place { get; private set; }

    /// <summary>How often the client looked whether the nearest region can be reached.</summary>
    public int Looking { get; private set; }
    public List<JsonObject> Sent { get; } = [];
    public List<int> CommandsInFrames { get; } = [];
    public int Pongs { get; private set; }
    public List<(int Connection, int Code)> Closes { get; } = [];
    public List<int> Aborts { get; } = [];
    public List<string> Seen { get; } = [];
    public List<(int Attempt, double DelayMs, TimeSpan At)> Attempts { get; } = [];
    public List<(string Channel, long Offset)> Delivered { get; } = [];
    /// <summary>Deliveries with the epoch of the subscription they came by.</summary>
    public List<(string? Epoch, long Offset)> ByEpoch { get; } = [];
    /// <summary>The stream's top when the channel was subscribed for the first time.</summary>
    public long? FirstTop { get; private set; }
    public List<string> Acked { get; } = [];

    /// <summary>False leaves token requests unanswered until <see cref="AnswerTokens"/>.</summary>
    public bool TokensAtOnce { get; set; } = true;
    public Func<string, string?> SubscribeToken { get; set; } = _ => null;

    /// <summary>Where frames go, when something answers them.</summary>
    public Action<int, JsonObject>? Gateway { get; set; }
    public Action<int>? Dialing { get; set; }

    // ---- inputs

    public void Do(Action<ClientMachine> input)
    {
        input(Machine);
        if (TokensAtOnce)
            AnswerTokens();
        Assert.True(_inUse.Count <= 1, $"{_inUse.Count} connections in use at once");
    }

    public void AnswerTokens()
    {
        while (_wanted.TryDequeue(out var wanted))
        {
            var token = wanted.Purpose == TokenPurpose.Subscribe ? SubscribeToken(wanted.Channel!) : $"token-{++_tokens}";
            Machine.TokenFetched(wanted.Purpose, wanted.Channel, token, Now);
        }
    }

    public bool FailToken()
    {
        if (!_wanted.TryDequeue(out var wanted))
            return false;
        Do(m => m.TokenFailed(wanted.Purpose, wanted.Channel, "no", Now));
        return true;
    }

    /// <summary>Lets time pass, waking the machine when it asks for it.</summary>
    public void Pass(double ms)
    {
        var until = Now + TimeSpan.FromMilliseconds(ms);
        for (var ticks = 0; Machine.NextDue <= until; ticks++)
        {
            Assert.True(ticks < 100_000, "the machine never comes to rest");
            Now = Machine.NextDue > Now ? Machine.NextDue : Now;
            Do(m => m.Tick(Now));
        }

        Now = until;
    }

    /// <summary>Lets time pass from one due moment to the next, until something holds.</summary>
    public void PassUntil(Func<bool> holds)
    {
        while (!holds())
        {
            Assert.True(Machine.NextDue < TimeSpan.MaxValue, "nothing is due, so it will never hold");
            Now = Machine.NextDue > Now ? Machine.NextDue : Now;
            Do(m => m.Tick(Now));
        }
    }

    /// <summary>Lets time pass until the machine dials again.</summary>
    public void UntilDial()
    {
        var before = Dialed;
        PassUntil(() => Dialed != before);
    }

    public void End(string cause = "transport", int? code = null, string? reason = null) => End(Dialed, cause, code, reason);

    public void End(int connection, string cause, int? code = null, string? reason = null)
    {
        _inUse.Remove(connection);
        Do(m => m.Ended(connection, cause, code, reason, Now));
    }

    public void Open() => Do(m => m.Opened(Dialed, Now));

    public void Receive(string frame) => Do(m => m.Received(Dialed, Encoding.UTF8.GetBytes(frame), Now));

    /// <summary>Starts, opens and accepts, so that the client is connected and its subscribes are answered.</summary>
    public void Connect(string? data = null, double ping = 0, double? ttl = null)
    {
        if (Machine.State == ClientState.Idle)
            Do(m => m.Start(Now));
        if (Machine.State == ClientState.Waiting)
            UntilDial();
        Open();
        Accept(data, ping, ttl);
    }

    public void Accept(string? data = null, double ping = 0, double? ttl = null)
    {
        var expiry = ttl is { } seconds ? $",\"expires\":true,\"ttl\":{seconds}" : "";
        Receive($$$"""{"id":1,"connect":{"client":"k{{{Dialed}}}","session":"s{{{Dialed}}}","node":"n1","ping":{{{ping}}},"pong":true{{{expiry}}},"data":{{{data ?? "{}"}}}}}""");
    }

    public void Subscribed(long offset, string epoch = "e1", string extra = "") =>
        Receive($$$"""{"id":{{{LastId("subscribe")}}},"subscribe":{"recoverable":true,"positioned":true,"epoch":"{{{epoch}}}","offset":{{{offset}}}{{{extra}}}}}""");

    public void Recovered(long from, long top, string epoch = "e1")
    {
        var publications = string.Join(',', Enumerable.Range(0, (int)(top - from + 1)).Select(i => Pub(from + i)));
        Subscribed(top, epoch, $",\"was_recovering\":true,\"recovered\":true,\"publications\":[{publications}]");
    }

    public void Live(long offset) => Receive($$$"""{"push":{"channel":"{{{Channel}}}","pub":{{{Pub(offset)}}}}}""");

    public void Fail(int id, int code, bool temporary = false) =>
        Receive($$$"""{"id":{{{id}}},"error":{"code":{{{code}}},"message":"m{{{code}}}","temporary":{{{(temporary ? "true" : "false")}}}}}""");

    public void Publish(string mid) => Do(m => m.Publish(Channel, Encoding.UTF8.GetBytes($$"""{"mid":"{{mid}}","n":1}"""), mid, Now));

    public IEnumerable<JsonObject> SentOf(string method) => Sent.Where(c => c.ContainsKey(method));

    public JsonObject Last(string method) => SentOf(method).Last()[method]!.AsObject();

    public int LastId(string method) => (int)SentOf(method).Last()["id"]!;

    private static string Pub(long offset) => $$$"""{"data":{"n":{{{offset}}}},"offset":{{{offset}}}}""";

    // ---- actions

    void IClientActions.LookHome() => Looking++;

    void IClientActions.Dial(int connection, int place)
    {
        (Dialed, Place) = (connection, place);
        _inUse.Add(connection);
        Dialing?.Invoke(connection);
    }

    void IClientActions.Send(int connection, ReadOnlyMemory<byte> frame)
    {
        Assert.Contains(connection, _inUse);
        var text = Encoding.UTF8.GetString(frame.Span);
        if (text == "{}")
        {
            Pongs++;
            return;
        }

        var commands = text.Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        CommandsInFrames.Add(commands.Count);
        Sent.AddRange(commands);
        foreach (var command in commands)
            Gateway?.Invoke(connection, command);
    }

    void IClientActions.Close(int connection, int code, string reason)
    {
        _inUse.Remove(connection);
        Closes.Add((connection, code));
    }

    void IClientActions.Abort(int connection)
    {
        _inUse.Remove(connection);
        Aborts.Add(connection);
    }

    void IClientActions.FetchToken(TokenPurpose purpose, string? channel) => _wanted.Enqueue((purpose, channel));

    // ---- observer

    void IClientObserver.Attempt(int attempt, double delayMs)
    {
        Attempts.Add((attempt, delayMs, Now));
        Seen.Add($"attempt {attempt}");
    }

    void IClientObserver.Connected(string? session, bool resumed, string? node) => Seen.Add($"connected {session} {resumed} {node}");

    void IClientObserver.Disconnected(string cause, int? code, string? reason, bool terminal) =>
        Seen.Add($"disconnected {cause} {code}{(terminal ? " terminal" : "")}");

    void IClientObserver.Subscribed(string channel, bool wasRecovering, bool recovered, string? epoch, long offset)
    {
        _epoch = epoch;
        FirstTop ??= offset;
        Seen.Add($"subscribed {channel} {wasRecovering} {recovered} {epoch} {offset}");
    }

    void IClientObserver.Unsubscribed(string channel, int code, string? reason) => Seen.Add($"unsubscribed {channel} {code}");

    void IClientObserver.Publication(string channel, JsonElement data, long offset)
    {
        Assert.Equal(offset, data.GetProperty("n").GetInt64());
        Delivered.Add((channel, offset));
        ByEpoch.Add((_epoch, offset));
    }

    void IClientObserver.PublishAcked(string channel, string mid) => Acked.Add(mid);

    void IClientObserver.PublishFailed(string channel, string mid, int code, string message) => Seen.Add($"failed {mid} {code}");

    void IClientObserver.Token(string purpose) => Seen.Add($"token {purpose}");

    void IClientObserver.Error(int? code, string message) => Seen.Add($"error {code} {message}");
}
