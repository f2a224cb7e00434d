using System.Net;

namespace Chaos.Cli.Stores;

/// <summary>A store that runs as a part of a world.</summary>
internal interface IStorePart : IAsyncDisposable
{
    /// <summary>Where it listens, on loopback.</summary>
    IPEndPoint Address { get; }
}
