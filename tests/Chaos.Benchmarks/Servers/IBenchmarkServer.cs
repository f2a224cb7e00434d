using System.Net;

namespace Chaos.Benchmarks.Servers;

/// <summary>A server that runs alone in its process, so that no variant shares a heap, a thread pool or a JIT with another.</summary>
internal interface IBenchmarkServer : IAsyncDisposable
{
    /// <summary>Where WebSocket clients connect.</summary>
    IPEndPoint Address { get; }
}
