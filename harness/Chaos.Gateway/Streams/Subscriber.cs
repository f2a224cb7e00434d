using Chaos.Gateway.Protocol;

namespace Chaos.Gateway.Streams;

/// <summary>Who receives a channel's publications.</summary>
internal interface IStreamSink
{
    /// <summary>Queues a message; never waits.</summary>
    void Send(ReadOnlyMemory<byte> message);

    /// <summary>Begins to close the connection.</summary>
    void Close(CloseReason reason);
}

/// <summary>
/// One connection's place in one channel. Until its subscription has started, live publications are kept; afterwards it gets exactly the
/// one after its position. All members are guarded by the lock of the channel.
/// </summary>
internal sealed class Subscriber(IStreamSink sink)
{
    // More than this many publications while one history read is under way: the read is too slow for this channel.
    private const int MaxKept = 10_000;
    private List<LivePublication>? _kept = [];

    public long Position { get; private set; }

    public bool IsLive => _kept is null;

    public IReadOnlyList<LivePublication> Kept => _kept ?? [];

    public void Start(long position)
    {
        _kept = null;
        Position = position;
    }

    public void Keep(LivePublication publication)
    {
        if (_kept is null) return;
        if (_kept.Count >= MaxKept) sink.Close(CloseReason.InsufficientState);
        else _kept.Add(publication);
    }

    public void Deliver(long offset, ReadOnlyMemory<byte> push)
    {
        if (_kept is not null || offset <= Position) return;
        if (offset != Position + 1)
        {
            sink.Close(CloseReason.InsufficientState);
            return;
        }
        Position = offset;
        sink.Send(push);
    }

    public void Fail() => sink.Close(CloseReason.InsufficientState);

    public void Send(ReadOnlyMemory<byte> message) => sink.Send(message);
}
