using Xunit;

namespace Chaos.Experiments.Tests.Files;

/// <summary>Faults on stores: only where there is a server that the run has started.</summary>
public sealed class StoreFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{ kind: process }", "pause", "", "")]
    [InlineData("{ kind: process }", "restart", ", attributes: { signal: stop }", "")]
    [InlineData("{ kind: container, image: redis }", "restart", "", "")]
    [InlineData("{ kind: container, image: redis }", "restart", ", attributes: { signal: stop }", "eu.redis is a container, which is killed. Remove signal.")]
    [InlineData("{ kind: process }", "pause", ", attributes: { noticed_after: 5 }", "a store gets no clients, so nobody notices for it. Remove noticed_after.")]
    [InlineData("{ kind: external, address: \"127.0.0.1:6379\" }", "pause", "", "eu.redis was not started by the run, so it is not the run's to stop. Give region eu a store: { kind: process } or { kind: container }, or put a fault on link: eu.redis.")]
    [InlineData("{ kind: embedded }", "pause", "", "eu.redis is embedded and has no process of its own. Give region eu a store: { kind: process } or { kind: container }, or put a fault on link: eu.redis.")]
    [InlineData("{ kind: process }", "cpu", ", attributes: { taken: 0.5 }", "cpu acts on gateway nodes, and eu.redis is a store. On stores act: pause, restart; on the way to them, faults with link: eu.redis.")]
    public void A_store_can_be_stopped_where_it_is_a_server_of_the_run(string store, string fault, string attributes, string expected)
    {
        _folder.Write("worlds/real.yaml", $"name: real\nregions:\n  - {{ name: eu, store: {store} }}\n");
        _folder.Write("x.yaml", $$"""
            id: x
            title: Stores
            checklist: x
            world: real
            fleet: { count: 5, link: eu.clients }
            timeline:
              faults: [ { name: gone, node: eu.redis, fault: {{fault}}, for: 1s{{attributes}} } ]
            expectations:
              - { id: up, check: connected }
            """);
        var errors = string.Join("\n", _folder.Load().Errors);
        if (expected.Length == 0) Assert.Equal("", errors);
        else Assert.EndsWith(expected, errors, StringComparison.Ordinal);
    }
}
