using System.Diagnostics;
using System.Net;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Processes;

/// <summary>A server or proxy in a process of its own.</summary>
internal abstract class Peer(Process process, IPEndPoint address) : IAsyncDisposable
{
    /// <summary>Where its clients connect.</summary>
    public IPEndPoint Address { get; } = address;

    protected Process Process { get; } = process;

    /// <summary>Processor time used so far, user and kernel.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            Process.Refresh();
            return Process.TotalProcessorTime;
        }
    }

    /// <summary>Its memory, after it has collected its garbage if it has any.</summary>
    public async Task<MemoryUse> MeasureMemoryAsync()
    {
        var live = await CollectAsync();
        var pages = ProcessMemory.Read(Process.Id);
        return new MemoryUse(live, pages.PrivateBytes, pages.ResidentBytes);
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Collects garbage; returns the bytes that live on the managed heap, null where there is none.</summary>
    protected abstract Task<long?> CollectAsync();
}
