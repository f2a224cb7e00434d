using System.Text.Json.Nodes;

namespace Chaos.Client.Tests.Machine;

/// <summary>A small gateway in virtual time with one channel: history, recovery, idempotent publishes. What it sends waits in a queue, so that
/// a connection can be cut between any two frames.</summary>
internal sealed class VirtualGateway
{
    private readonly Rig _rig;
    private readonly Queue<string> _toClient = new();
    private readonly HashSet<string> _mids = [];
    private bool _subscribed;
    private int _epoch = 1;
    private long _first = 1;

    public VirtualGateway(Rig rig)
    {
        _rig = rig;
        rig.Gateway = (_, command) => Handle(command);
        rig.Dialing = _ => Forget();
    }

    public long Top { get; private set; }

    /// <summary>The <c>n</c> of every publish that was taken for a new event.</summary>
    public List<int> Events { get; } = [];

    public bool ConnectErrorNext { get; set; }
    public bool PublishErrorNext { get; set; }
    public bool Idle => _toClient.Count == 0;

    public void Publish(bool delivered = true)
    {
        Top++;
        if (delivered)
            Push(Top);
    }

    public void Repeat() => Push(Math.Max(_first, Top - 1));

    public void Send(string frame) => _toClient.Enqueue(frame);

    public void Unsubscribe(int code)
    {
        if (_subscribed)
            Send($"{{\"push\":{{\"channel\":\"{Rig.Channel}\",\"unsubscribe\":{{\"code\":{code}}}}}}}");
        _subscribed = false;
    }

    public void Trim() => _first = Top + 1;

    public void NewEpoch() => (_epoch, Top, _first, _subscribed) = (_epoch + 1, 0, 1, false);

    public void Deliver()
    {
        if (_toClient.TryDequeue(out var frame))
            _rig.Receive(frame);
    }

    public void LoseNext() => _toClient.TryDequeue(out _);

    public void Forget()
    {
        _toClient.Clear();
        _subscribed = false;
    }

    private void Push(long offset)
    {
        if (_subscribed && offset > 0)
            Send($"{{\"push\":{{\"channel\":\"{Rig.Channel}\",\"pub\":{Pub(offset)}}}}}");
    }

    private void Handle(JsonObject command)
    {
        var id = (int)command["id"]!;
        if (command.ContainsKey("connect"))
        {
            Send(ConnectErrorNext ? Error(id, 109) : $"{{\"id\":{id},\"connect\":{{\"client\":\"c\",\"ping\":25,\"pong\":true,\"expires\":true,\"ttl\":60}}}}");
            ConnectErrorNext = false;
        }
        else if (command["subscribe"] is JsonObject subscribe)
        {
            Send(Subscribe(id, subscribe));
            _subscribed = true;
        }
        else if (command.ContainsKey("unsubscribe"))
        {
            _subscribed = false;
            Send($"{{\"id\":{id},\"unsubscribe\":{{}}}}");
        }
        else if (command["publish"]?["data"] is JsonObject data)
        {
            Publish(id, data);
        }
        else if (command.ContainsKey("refresh"))
        {
            Send($"{{\"id\":{id},\"refresh\":{{\"expires\":true,\"ttl\":60}}}}");
        }
    }

    private string Subscribe(int id, JsonObject subscribe)
    {
        var recovering = subscribe.ContainsKey("recover");
        var from = recovering ? (long)subscribe["offset"]! : Top;
        var recovered = recovering && (string?)subscribe["epoch"] == $"e{_epoch}" && from + 1 >= _first;
        var publications = recovered && from < Top ? string.Join(',', Enumerable.Range(0, (int)(Top - from)).Select(i => Pub(from + 1 + i))) : "";
        return $"{{\"id\":{id},\"subscribe\":{{\"epoch\":\"e{_epoch}\",\"offset\":{Top},\"was_recovering\":{Bool(recovering)},\"recovered\":{Bool(recovered)},\"publications\":[{publications}]}}}}";
    }

    private void Publish(int id, JsonObject data)
    {
        if (PublishErrorNext)
        {
            PublishErrorNext = false;
            Send(Error(id, 111));
            return;
        }

        if (_mids.Add((string)data["mid"]!))
            Events.Add((int)data["n"]!);
        Send($"{{\"id\":{id},\"publish\":{{}}}}");
    }

    private static string Error(int id, int code) => $"{{\"id\":{id},\"error\":{{\"code\":{code},\"message\":\"\"}}}}";

    private static string Pub(long offset) => $"{{\"data\":{{\"n\":{offset}}},\"offset\":{offset}}}";

    private static string Bool(bool value) => value ? "true" : "false";
}
