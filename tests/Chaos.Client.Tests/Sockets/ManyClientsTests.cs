using Chaos.Client.Policies;
using Xunit;

namespace Chaos.Client.Tests.Sockets;

public sealed class ManyClientsTests
{
    [Fact]
    public async Task Hundreds_of_clients_share_a_process_and_all_come_back_after_a_cut()
    {
        const int Clients = 300;
        // Nobody is cut before all are there: who came back earlier would take the place of one who has not come yet.
        var missing = Clients;
        var allThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            if (peer.Ordinal <= Clients)
            {
                if (Interlocked.Decrement(ref missing) == 0)
                    allThere.SetResult();
                await allThere.Task;
                peer.Reset();
            }
            else
            {
                await peer.HoldAsync();
            }
        });
        var policy = new ClientPolicy { BaseMs = 100, CapMs = 400, ConnectTimeoutMs = 60_000 };
        var threads = ThreadPool.ThreadCount;
        var clients = Enumerable.Range(0, Clients).Select(i =>
        {
            var observer = new RecordingObserver();
            return (Observer: observer, Client: new ReferenceClient(new ClientOptions { Url = server.Url, Name = $"c-{i}", Policy = policy, Seed = 9 }, observer, observer));
        }).ToList();
        foreach (var (_, client) in clients)
            client.Start();
        foreach (var (observer, _) in clients)
            await observer.UntilAsync("connected", 2);
        Assert.True(ThreadPool.ThreadCount < threads + 64, $"{ThreadPool.ThreadCount} threads for {Clients} clients");
        await Task.WhenAll(clients.Select(c => c.Client.StopAsync()));
    }
}
