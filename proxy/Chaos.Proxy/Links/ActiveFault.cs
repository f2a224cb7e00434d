using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Links;

/// <summary>A fault while it is on a link.</summary>
internal sealed class ActiveFault : IDisposable
{
    private readonly CancellationTokenSource _removed = new();
    private readonly Pacer?[] _shared = new Pacer?[2];
    private readonly FaultDefinition _definition;
    private volatile bool _active = true;

    public ActiveFault(FaultDefinition definition)
    {
        _definition = definition;
        if (definition.Behaviour is not BandwidthFault { Shared: true } shared) return;
        _shared[0] = shared.CreatePacer();
        _shared[1] = shared.CreatePacer();
    }

    public FaultDefinition Definition => _definition;

    public string Name => _definition.Name;

    /// <summary>False once it was removed.</summary>
    public bool Active => _active;

    /// <summary>Cancelled when the fault is removed.</summary>
    public CancellationToken Removed => _removed.Token;

    /// <summary>Ends its lease; null where it has none.</summary>
    public ITimer? Lease { get; set; }

    /// <summary>When its lease began (timestamp of the time provider), so that an expiry under way does not remove a renewed fault.</summary>
    public long LeaseStartedAt { get; set; }

    public bool Acts(Direction direction) => _definition.Streams.Has(direction);

    /// <summary>The bucket that all connections of the link share, or a new one for a lane of its own.</summary>
    public Pacer? PacerFor(Direction direction) => _shared[(int)direction] ?? (_definition.Behaviour as ItemFault)?.CreatePacer();

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
}
