using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Processes;

/// <summary>One echo server, and for each variant the process in front of it.</summary>
internal sealed class ServerSet : IAsyncDisposable
{
    private readonly List<ServerProcess> _processes = [];

    private ServerSet()
    {
    }

    public List<Contender> Contenders { get; } = [];

    public static async Task<ServerSet> StartAsync(IEnumerable<string> variants)
    {
        var set = new ServerSet();
        try
        {
            var echo = await set.StartAsync(Variants.Echo, null);
            foreach (var variant in variants)
            {
                var what = variant == Variants.Control ? Variants.Yarp : variant;
                set.Contenders.Add(new Contender(variant, what == Variants.Direct ? echo : await set.StartAsync(what, echo)));
            }

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
        // The proxies first, then the echo server behind them.
        foreach (var process in Enumerable.Reverse(_processes)) await process.DisposeAsync();
    }

    private async Task<ServerProcess> StartAsync(string what, ServerProcess? upstream)
    {
        var process = await ServerProcess.StartAsync(what, upstream?.Address);
        _processes.Add(process);
        return process;
    }
}
