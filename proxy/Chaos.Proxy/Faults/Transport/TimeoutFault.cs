using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>Nothing gets through, and the connection ends when nobody has tried for a while.</summary>
internal sealed record TimeoutFault(double TimeoutMs) : ItemFault
{
    public static readonly FaultKind Kind = new("timeout",
        "Data vanishes, and the connection is closed (FIN on both legs) once nothing was sent into it for that long. With 0 it stays open and silent until the fault is removed, which closes it.",
        Tcp: true, WebSocket: true,
        [new("timeout", AttributeKind.Number, "Milliseconds without data until the connection is closed; 0 for never.", 0)],
        (values, _) => new TimeoutFault(values.Number("timeout")));

    public override bool Swallows => true;

    public override Decision Decide(StreamKey key, long item) => Decision.Swallow;

    public override async Task ActAsync(LinkConnection connection, ActiveFault fault)
    {
        if (TimeoutMs <= 0) return;
        var startNs = Monotonic.NowNs;
        var timeoutNs = Decision.ToUs(TimeoutMs) * 1000;
        while (true)
        {
            var dueNs = Math.Max(startNs, connection.LastArrivalNs(fault)) + timeoutNs;
            if (dueNs <= Monotonic.NowNs) break;
            if (!await connection.WaitAsync(fault, dueNs).ConfigureAwait(false)) return;
        }
        connection.Finish(fault, Decision.ToUs(TimeoutMs), (Monotonic.NowNs - startNs) / 1000);
    }

    public override void OnRemoved(LinkConnection connection, ActiveFault fault) => connection.Finish(fault, 0, 0);
}
