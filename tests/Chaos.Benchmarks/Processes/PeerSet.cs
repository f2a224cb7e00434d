using System.Net;

namespace Chaos.Benchmarks.Processes;

/// <summary>A peer's name, the process that clients connect to, and whose processor time counts.</summary>
internal sealed record Contender(string Name, Peer Peer);

/// <summary>One server, and for each peer the process in front of it.</summary>
internal sealed class PeerSet : IAsyncDisposable
{
    private readonly List<Peer> _processes = [];

    private PeerSet()
    {
    }

    public List<Contender> Contenders { get; } = [];

    /// <summary>Those of the peers that can run here. Says which cannot.</summary>
    public static string[] Installed(IEnumerable<string> peers)
    {
        string[] all = [.. peers];
        string[] installed = [.. all.Where(peer => Peers.Original(peer) != Peers.Haproxy || HaproxyPeer.IsInstalled)];
        if (installed.Length < all.Length) Console.WriteLine($"Left out, not installed: {string.Join(", ", all.Except(installed).Select(Peers.Original).Distinct())}.");
        return installed;
    }

    public static async Task<PeerSet> StartAsync(Protocol protocol, IEnumerable<string> peers)
    {
        var set = new PeerSet();
        try
        {
            var server = set.Own(await DotnetPeer.StartAsync(protocol == Protocol.Tcp ? Peers.TcpServer : Peers.WebSocketServer, protocol));
            foreach (var peer in peers)
                set.Contenders.Add(new Contender(peer, peer == Peers.Direct ? server : set.Own(await StartAsync(Peers.Original(peer), protocol, server.Address))));
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The proxies first, then the server behind them.
        foreach (var process in Enumerable.Reverse(_processes)) await process.DisposeAsync();
    }

    private static async Task<Peer> StartAsync(string what, Protocol protocol, IPEndPoint upstream) =>
        what == Peers.Haproxy ? await HaproxyPeer.StartAsync(protocol, upstream) : await DotnetPeer.StartAsync(what, protocol, upstream);

    private Peer Own(Peer process)
    {
        _processes.Add(process);
        return process;
    }
}
