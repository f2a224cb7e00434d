namespace Chaos.Proxy.Faults;

/// <summary>Does nothing. Toxiproxy has it, and its clients' tests use it.</summary>
internal sealed record NoopFault : FaultBehaviour
{
    public static readonly FaultKind Kind = new("noop",
        "Does nothing; rolls are recorded, so it shows which connections a fault with its name and toxicity would take hold of.",
        Tcp: true, WebSocket: true, [],
        (_, _) => new NoopFault());
}
