using System.Net.Sockets;
using Chaos.Proxy.Tcp;

namespace Chaos.Proxy.Tests.Tcp;

public sealed class ListenPortTests
{
    [Fact]
    public void No_two_proxies_get_the_same_free_port_even_while_they_do_not_listen()
    {
        // So many that some would meet by chance, if chance were let.
        var ports = Enumerable.Range(0, 1500).Select(_ => new ListenPort("127.77.77.77:0", _ => { })).ToArray();
        try
        {
            Assert.Equal(ports.Length, ports.Select(port => port.EndPoint.Port).Distinct().Count());
        }
        finally
        {
            foreach (var port in ports)
                port.Dispose();
        }
    }

    [Fact]
    public async Task A_port_that_was_taken_as_free_opens_closes_and_opens_again()
    {
        var accepted = 0;
        using var port = new ListenPort("127.0.0.1:0", socket =>
        {
            Interlocked.Increment(ref accepted);
            socket.Dispose();
        });
        for (var i = 1; i <= 3; i++)
        {
            port.Set(PortState.Open);
            using (var client = await Support.Bench.ConnectAsync(port.EndPoint))
                await Support.Bench.Until(() => Volatile.Read(ref accepted) == i);
            port.Set(PortState.Closed);
            await Assert.ThrowsAsync<SocketException>(() => Support.Bench.ConnectAsync(port.EndPoint));
        }
    }

    [Fact]
    public void A_port_that_listens_cannot_be_had_twice()
    {
        using var first = new ListenPort("127.0.0.1:0", _ => { });
        first.Set(PortState.Open);
        Assert.Throws<SocketException>(() => new ListenPort(first.EndPoint.ToString(), _ => { }));
    }
}
