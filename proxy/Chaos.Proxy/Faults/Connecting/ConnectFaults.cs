using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>A fault on the way in: it acts when a client connects, and leaves connections alone that are open.</summary>
internal abstract record ConnectFault : FaultBehaviour
{
    /// <summary>Labels that are known when a client connects: those of the proxy. Its request comes later.</summary>
    public static bool Knows(string label) => label == "region" || label.StartsWith("label.", StringComparison.Ordinal);
}

/// <summary>New connections are refused.</summary>
internal sealed record RefuseFault : ConnectFault
{
    public static readonly FaultKind Kind = new("refuse",
        "Refuses new connections; open ones are left alone. With toxicity 1 and no target the kernel refuses, as nobody listens; else those that it takes hold of are accepted and reset at once.",
        Tcp: true, WebSocket: true, [],
        (_, _) => new RefuseFault());

    public override Task ActAsync(LinkConnection connection, ActiveFault fault)
    {
        connection.Cut(fault, FaultAction.Refused, 0);
        return Task.CompletedTask;
    }
}

/// <summary>New connections are served late.</summary>
internal sealed record ConnectDelayFault(Delay Delay) : ConnectFault
{
    public static readonly FaultKind Kind = new("connect_delay",
        "Leaves new connections waiting: the kernel has accepted them, but nothing is dialled, read or written until the delay is over. Connections that wait when the fault is removed go on at once.",
        Tcp: true, WebSocket: true,
        Delay.SingleAttributes,
        (values, errors) => new ConnectDelayFault(Delay.ReadSingle(values, errors)));
}

/// <summary>Connecting never completes.</summary>
internal sealed record ConnectHangFault : ConnectFault
{
    public static readonly FaultKind Kind = new("connect_hang",
        "A connect never completes: the listener's queue is full, and the kernel drops what comes. Open connections are left alone. Clients that wait when the fault is removed get through with their next attempt, which the kernel makes after 1, 3, 7… s. Acts on the whole link, so its toxicity is 1.",
        Tcp: true, WebSocket: true, [],
        (_, _) => new ConnectHangFault());

    public override bool IsForAll => true;
}
