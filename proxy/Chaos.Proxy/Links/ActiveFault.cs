using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Links;

/// <summary>A fault while it is on a link.</summary>
internal sealed class ActiveFault : IDisposable
{
    private readonly CancellationTokenSource _removed = new();
    private readonly Shaper?[] _shared = new Shaper?[2];
    private readonly Admission _admission;
    private volatile bool _active = true;

    public ActiveFault(FaultDefinition definition)
    {
        Definition = definition;
        _admission = new Admission(definition.Target.Connections);
        if (definition.Behaviour is not (ItemFault { IsShared: true } or MessageFault { IsShared: true })) return;
        _shared[0] = CreateShaper(default);
        _shared[1] = CreateShaper(default);
    }

    public FaultDefinition Definition { get; }

    public string Name => Definition.Name;

    /// <summary>False once it was removed.</summary>
    public bool Active => _active;

    /// <summary>Cancelled when the fault is removed.</summary>
    public CancellationToken Removed => _removed.Token;

    /// <summary>Ends its lease; null where it has none.</summary>
    public ITimer? Lease { get; set; }

    /// <summary>When its lease began (timestamp of the time provider), so that an expiry under way does not remove a renewed fault.</summary>
    public long LeaseStartedAt { get; set; }

    public bool Acts(Direction direction) => Definition.Streams.Has(direction);

    /// <summary>
    /// Whether it takes hold of a connection. The link asks for one connection after the other, in the order of their
    /// ordinals, as targets count them.
    /// </summary>
    public bool Admits(LinkConnection connection) =>
        _admission.Admits(connection, StreamKey.Roll(connection.Link.Seed, Name, connection.Ordinal) < Definition.Toxicity);

    /// <summary>A connection that it held is over, or the fault left it.</summary>
    public void LetGo() => _admission.LetGo();

    /// <summary>The shaper that all connections of the link share, or a new one for a lane of its own.</summary>
    public Shaper? ShaperFor(Direction direction, StreamKey key) => _shared[(int)direction] ?? CreateShaper(key);

    public bool IsShared => _shared[0] is not null;

    public void Deactivate()
    {
        _active = false;
        _removed.Cancel();
        Lease?.Dispose();
    }

    public void Dispose()
    {
        Lease?.Dispose();
        _removed.Dispose();
    }

    private Shaper? CreateShaper(StreamKey key) => Definition.Behaviour switch
    {
        ItemFault item => item.CreateShaper(key),
        MessageFault message => message.CreatePacer(),
        _ => null,
    };
}
