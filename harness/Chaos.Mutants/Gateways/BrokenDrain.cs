using Chaos.Gateway.Protocol;
using Chaos.Gateway.Sessions;
using Chaos.Gateway.Sockets;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways that leave badly.</summary>
internal static class BrokenDrain
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Draining("gateway.drain-at-once", "Closes all sessions at the same time when it is drained.", (reference, sessions, reason, _, cancel) =>
            reference.CloseAllAsync(sessions, reason, TimeSpan.Zero, cancel)),
        Draining("gateway.drain-forgets", "Drains every second session, and keeps the others until it is stopped.", (reference, sessions, reason, window, cancel) =>
            reference.CloseAllAsync(window == TimeSpan.Zero ? sessions : [.. sessions.Where((_, i) => i % 2 == 0)], reason, window, cancel)),
        Draining("gateway.drain-for-good", "Tells the sessions of a node that is drained never to come back.", (reference, sessions, reason, window, cancel) =>
            reference.CloseAllAsync(sessions, window == TimeSpan.Zero ? reason : CloseReason.ForceDisconnect, window, cancel)),
    ];

    private delegate Task Close(Drain reference, IReadOnlyCollection<Session> sessions, CloseReason reason, TimeSpan window, CancellationToken cancel);

    private static GatewayMutant Draining(string name, string summary, Close close) =>
        new(name, summary, services => services.Wrap<IDrain, Drain>(reference => new Broken(reference, close)));

    private sealed class Broken(Drain reference, Close close) : IDrain
    {
        public Task CloseAllAsync(IReadOnlyCollection<Session> sessions, CloseReason reason, TimeSpan window, CancellationToken cancel) => close(reference, sessions, reason, window, cancel);
    }
}
