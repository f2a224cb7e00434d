using Chaos.Proxy.Http;
using Xunit;

namespace Chaos.Proxy.Tests.Http;

public sealed class PinnedMemoryTests
{
    [Fact]
    public async Task Accepted_sockets_get_the_servers_own_memory_pool()
    {
        await using var memory = new PinnedMemory();
        Assert.True(memory.IsPinned, "this version of the framework hides its pool in another way: look at PinnedMemory");
    }
}
