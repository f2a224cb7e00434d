using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>What a command asked, so that its reply can be understood.</summary>
internal enum Ask : byte
{
    Connect,
    Subscribe,
    Unsubscribe,
    Publish,
    Refresh,
    SubRefresh,
}

/// <summary>The current connection as the machine writes to it: its ordinal, its command ids, and the replies that are awaited.</summary>
internal sealed class Wire(IClientActions actions)
{
    private Dictionary<int, (Ask Ask, object? About)>? _awaited;
    private int _lastId;

    /// <summary>Ordinal of the connection, from 1; 0 before the first.</summary>
    public int Connection { get; private set; }

    /// <summary>True from the connect command until the connection is lost: commands may be sent.</summary>
    public bool Writable { get; private set; }

    /// <summary>True from the connect reply until the connection is lost.</summary>
    public bool Authenticated { get; set; }

    public int Next() => ++Connection;

    public void Open() => Writable = true;

    /// <summary>Forgets the connection; ids start over on the next one.</summary>
    public void Lost()
    {
        Writable = Authenticated = false;
        _lastId = 0;
        _awaited = null;
    }

    public int Expect(Ask ask, object? about = null)
    {
        (_awaited ??= [])[++_lastId] = (ask, about);
        return _lastId;
    }

    public bool TakeReply(int id, out Ask ask, out object? about)
    {
        (ask, about) = (default, null);
        if (_awaited is null || !_awaited.Remove(id, out var awaited))
            return false;
        (ask, about) = awaited;
        return true;
    }

    public void Send(FrameWriter frame) => actions.Send(Connection, frame.Finish());

    public void Send(ReadOnlyMemory<byte> frame) => actions.Send(Connection, frame);
}
