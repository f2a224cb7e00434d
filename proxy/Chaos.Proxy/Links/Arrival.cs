using System.Net.Sockets;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Tcp;

namespace Chaos.Proxy.Links;

/// <summary>
/// A client that has connected and waits to be served, where faults on connecting have a say. It leaves no line in the
/// ledger, unless it ends here.
/// </summary>
internal sealed class Arrival(Link link, Socket socket) : LinkConnection(link)
{
    private static readonly Dictionary<string, string> NoLabels = [];

    public override IReadOnlyDictionary<string, string> Labels => NoLabels;

    public override bool IsConnect => true;

    public override bool IsListed => false;

    /// <summary>Waits as long as faults want it to.</summary>
    /// <returns>Whether it is to be served.</returns>
    public static async ValueTask<bool> PassAsync(LinkConnection connection)
    {
        foreach (var fault in connection.Hits)
        {
            if (fault.Definition.Behaviour is not ConnectDelayFault { Delay: var delay } || connection.HasEnded) continue;
            var delayUs = delay.DrawUs(StreamKey.For(connection.Link.Seed, fault.Name, connection.Ordinal, Direction.Upstream), 0);
            var startNs = Monotonic.NowNs;
            using var over = connection.UntilOver(fault);
            await DueDelay.UntilAsync(connection.Link.Scheduler, startNs + delayUs * 1000, over.Token).ConfigureAwait(false);
            if (!connection.HasEnded)
                connection.Link.Injected(connection, fault, Direction.Upstream, 0, FaultAction.Delayed, delayUs, (Monotonic.NowNs - startNs) / 1000, 0);
        }
        return !connection.HasEnded;
    }

    public override void OnSourceEnded(Lane lane, Exception? failure)
    {
    }

    public override void OnSinkFailed(Lane lane, Exception failure)
    {
    }

    protected override void Kill()
    {
        socket.Reset();
        OverSource.Cancel();
    }

    protected override void Close() => Kill();
}
