using Chaos.Proxy.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Chaos.Proxy.Tests.Http;

public sealed class PinnedMemoryTests
{
    [Fact]
    public async Task Accepted_sockets_get_the_servers_own_memory_pool()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        await using var host = builder.Build();
        Assert.True(PinnedMemory.TryUse(new SocketConnectionFactoryOptions(), host.Services), "this version of the framework hides its pool in another way: look at PinnedMemory");
    }
}
