using Chaos.Experiments.Engine.Processes;
using Chaos.Proxy.Client;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>The gateway nodes of a region: which process each of them is, and how many turns it takes of the clients' new connections.</summary>
/// <param name="own">The link on which the region's own clients come.</param>
/// <param name="links">The links on which clients come, from this region and from others.</param>
/// <param name="proxy">The proxy of these links.</param>
internal sealed class GatewayPool(string own, IReadOnlyList<string> links, ControlClient proxy) : IDisposable
{
    /// <summary>Turns of an ordinary node.</summary>
    public const int FullWeight = 100;

    private readonly SortedDictionary<string, (Part Process, int Weight)> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (IReadOnlyList<string> Ways, double Share)> _shifts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _routing = new(1, 1);

    /// <summary>The first node's process.</summary>
    public Part First
    {
        get
        {
            lock (_lock) return _nodes.First().Value.Process;
        }
    }

    /// <summary>The nodes and their weights as the proxy takes them for a link. Whoever comes from another region has been sent or has gone here, and is not sent on.</summary>
    public string Upstream(string link)
    {
        lock (_lock)
        {
            return Shares.Upstream([.. _nodes.Values.Select(n => (n.Process.Address.Authority, n.Weight))],
                link == own ? [.. _shifts.Values.SelectMany(s => s.Ways.Select(way => (way, s.Share / s.Ways.Count)))] : []);
        }
    }

    /// <summary>The process that a node is now.</summary>
    public Part Process(string node)
    {
        lock (_lock) return _nodes[node].Process;
    }

    /// <summary>Adds a node.</summary>
    public void Add(string node, Part process)
    {
        lock (_lock) _nodes.Add(node, (process, FullWeight));
    }

    /// <summary>Makes a process the node, with so many turns. Connections that are open stay where they are.</summary>
    public Task RouteAsync(string node, Part process, int weight, CancellationToken cancel) => ChangeAsync(() => _nodes[node] = (process, weight), cancel);

    /// <summary>Sends a share of the region's own clients elsewhere, from their next connection on.</summary>
    /// <param name="name">By which it is ended.</param>
    /// <param name="ways">Where they are sent, as host:port, in equal parts; nowhere ends it.</param>
    /// <param name="share">Share of all, 0 to 1.</param>
    /// <param name="cancel">Cancels it.</param>
    public Task ShiftAsync(string name, IReadOnlyList<string> ways, double share, CancellationToken cancel) => ChangeAsync(() =>
    {
        if (ways.Count == 0) _shifts.Remove(name);
        else _shifts[name] = (ways, share);
    }, cancel);

    /// <inheritdoc />
    public void Dispose() => _routing.Dispose();

    private async Task ChangeAsync(Action change, CancellationToken cancel)
    {
        // One after another: the proxy must hear of the latest last.
        await _routing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            lock (_lock) change();
            foreach (var link in links) await proxy.RedirectAsync(link, Upstream(link), cancel).ConfigureAwait(false);
        }
        finally
        {
            _routing.Release();
        }
    }
}
