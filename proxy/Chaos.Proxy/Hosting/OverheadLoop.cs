using Chaos.Proxy.Control;
using Chaos.Proxy.Ledger;

namespace Chaos.Proxy.Hosting;

/// <summary>Writes what the proxy costs, for each link that had traffic in the last second.</summary>
internal static class OverheadLoop
{
    public static async Task RunAsync(ProxyRegistry registry, LedgerWriter ledger, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
                Write(registry, ledger);
        }
        catch (OperationCanceledException)
        {
            // The last, shorter interval counts too.
            Write(registry, ledger);
        }
    }

    private static void Write(ProxyRegistry registry, LedgerWriter ledger)
    {
        foreach (var proxy in registry.All())
        {
            if (proxy.Link.Overhead.Take() is { } cost)
                ledger.Overhead(proxy.Name, proxy.Link.OpenCount, cost.Items, cost.P50Us, cost.P99Us, cost.MaxUs);
        }
    }
}
