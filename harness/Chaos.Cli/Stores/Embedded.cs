using System.Net;
using Chaos.Gateway.Stores;

namespace Chaos.Cli.Stores;

/// <summary>Microsoft Garnet, in this process.</summary>
internal sealed class Embedded(int port) : IStorePart
{
    private readonly EmbeddedStore _store = EmbeddedStore.Start(port);

    public IPEndPoint Address => _store.Address;

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }
}
