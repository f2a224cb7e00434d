using Chaos.Experiments.Engine.Processes;
using Chaos.Proxy.Client;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>The gateway nodes of a region: which process each of them is, and how many turns it takes of the clients' new connections.</summary>
/// <param name="links">The links on which clients come, from this region and from others.</param>
/// <param name="proxy">The proxy of these links.</param>
internal sealed class GatewayPool(IReadOnlyList<string> links, ControlClient proxy) : IDisposable
{
    /// <summary>Turns of an ordinary node.</summary>
    public const int FullWeight = 100;

    private readonly SortedDictionary<string, (Part Process, int Weight)> _nodes = new(StringComparer.Ordinal);
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

    /// <summary>The nodes and their weights as the proxy takes them.</summary>
    public string Upstream
    {
        get
        {
            lock (_lock) return string.Join(',', _nodes.Values.Select(n => $"{n.Process.Address.Authority}*{n.Weight}"));
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
    public async Task RouteAsync(string node, Part process, int weight, CancellationToken cancel)
    {
        // One after another: the proxy must hear of the latest last.
        await _routing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            lock (_lock) _nodes[node] = (process, weight);
            foreach (var link in links) await proxy.RedirectAsync(link, Upstream, cancel).ConfigureAwait(false);
        }
        finally
        {
            _routing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _routing.Dispose();
}
