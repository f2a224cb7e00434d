using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>Cuts connections with a real RST on both legs.</summary>
internal sealed record ResetPeerFault(double TimeoutMs) : FaultBehaviour
{
    public static readonly FaultKind Kind = new("reset_peer",
        "Resets connections (RST to client and upstream): those that are open, and those that are opened while it lasts.",
        Tcp: true, WebSocket: true,
        [new("timeout", AttributeKind.Number, "Milliseconds from the fault's start, or from the connection's opening if that is later, to the reset.", 0)],
        (values, _) => new ResetPeerFault(values.Number("timeout")));

    public override async Task ActAsync(LinkConnection connection, ActiveFault fault)
    {
        var startNs = Monotonic.NowNs;
        if (TimeoutMs > 0 && !await connection.WaitAsync(fault, startNs + Decision.ToUs(TimeoutMs) * 1000).ConfigureAwait(false)) return;
        connection.Cut(fault, FaultAction.Reset, Decision.ToUs(TimeoutMs), (Monotonic.NowNs - startNs) / 1000);
    }
}

/// <summary>Closes connections after a time, even while data flows.</summary>
internal sealed record CloseAfterFault(double TimeMs) : FaultBehaviour
{
    public static readonly FaultKind Kind = new("close_after",
        "Closes connections in order (FIN on both legs) after a time, even while data flows.",
        Tcp: true, WebSocket: true,
        [new("time", AttributeKind.Number, "Milliseconds from the fault's start, or from the connection's opening if that is later, to the end.", Required: true)],
        (values, _) => new CloseAfterFault(values.Number("time")));

    public override async Task ActAsync(LinkConnection connection, ActiveFault fault)
    {
        var startNs = Monotonic.NowNs;
        if (await connection.WaitAsync(fault, startNs + Decision.ToUs(TimeMs) * 1000).ConfigureAwait(false))
            connection.Finish(fault, Decision.ToUs(TimeMs), (Monotonic.NowNs - startNs) / 1000);
    }
}

/// <summary>The listener is closed and live connections are cut.</summary>
internal sealed record DownFault : FaultBehaviour
{
    public static readonly FaultKind Kind = new("down",
        "The link is down: new connections are refused by the kernel, live ones are cut with RST. Acts on the whole link, so its toxicity is 1.",
        Tcp: true, WebSocket: true, [],
        (_, _) => new DownFault());

    public override bool IsForAll => true;

    public override Task ActAsync(LinkConnection connection, ActiveFault fault)
    {
        connection.Cut(fault, FaultAction.Reset, 0);
        return Task.CompletedTask;
    }
}
