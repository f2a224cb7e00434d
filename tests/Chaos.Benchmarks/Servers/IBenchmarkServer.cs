using System.Net;

namespace Chaos.Benchmarks.Servers;

/// <summary>A server that runs alone in its process, so that no peer shares a heap, a thread pool or a JIT with another.</summary>
internal interface IBenchmarkServer : IAsyncDisposable
{
    /// <summary>Where clients connect.</summary>
    IPEndPoint Address { get; }

    /// <summary>Its control API, if it has one.</summary>
    Uri? Control => null;

    /// <summary>The file it writes its ledger to, if it does.</summary>
    string? Ledger => null;
}
