using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Files;

namespace Chaos.Experiments.Tests.Rehearsals;

/// <summary>A folder with a runbook, its world and its budgets for a test; removed at the end.</summary>
internal sealed class RunbookFolder : IDisposable
{
    public const string Runbook = """
        # yaml-language-server: $schema=schema/runbook.schema.json
        id: live
        title: Something is wrong.
        world: one-region
        fleet: { count: 20, channels: 4, link: eu.clients, feed: { from: clients, rate_per_s: 40 } }
        begins_within: 2s
        gives_up_after: 5m
        stable: { budget: normal, for: 10s }
        causes:
          - name: store-slow
            title: The store answers late.
            faults:
              - { name: late, link: eu.redis, fault: latency, for: 60s, attributes: { latency: 150 } }
          - name: hot-channel
            title: One client floods one channel.
            flood: { rate_per_s: 100, for: 60s }
          - name: bad-release
            title: A new release is bad.
            faults:
              - { name: v2, node: eu.gateway-1, fault: release, for: 60s }
        steps:
          - id: upstream
            title: Is the store slow?
            look: [dependency_p95_ms]
            probe: { indicator: dependency_p50_ms, is: above, limit: 75, over: 4s, cause: store-slow }
            action: { do: reroute, link: eu.redis }
            hint: Look at the median.
          - id: channels
            title: Is a channel hot?
            probe: { indicator: publishes_per_s, is: above, limit: 80, cause: hot-channel }
            action: { do: limit, channel: hottest, per_second: 2, for: 10m }
          - id: changes
            title: Was something changed?
            probe: { indicator: errors_per_s, is: above, limit: 3, cause: bad-release }
            action: { do: rollback, node: eu.gateway-1 }
        """;

    private const string Budgets = """
        budgets:
          - { name: normal, title: All is well., p50_ms: 50, p95_ms: 150 }
          - { name: down, title: Nothing works., lost: 0 }
        """;

    private readonly TestFolder _folder = new();

    public RunbookFolder(string runbook = Runbook)
    {
        _folder.Write("live.yaml", runbook);
        _folder.Write("budgets.yaml", Budgets);
    }

    /// <summary>The runbook as it is written.</summary>
    public static RunbookDefinition Definition
    {
        get
        {
            using var folder = new RunbookFolder();
            var (runbook, errors) = folder.Load();
            return runbook ?? throw new InvalidOperationException(string.Join("\n", errors));
        }
    }

    public void Write(string name, string text) => _folder.Write(name, text);

    public (RunbookDefinition? Runbook, IReadOnlyList<FileError> Errors) Load(params (string Key, string Value)[] set) =>
        RunbookFiles.Load("live.yaml", TestCatalogue.Instance, set.ToDictionary(s => s.Key, s => s.Value), new LoadOptions { WorkingFolder = _folder.Path });

    public LoadResult LoadAll() => ExperimentFiles.Load(["."], TestCatalogue.Instance, options: new LoadOptions { WorkingFolder = _folder.Path });

    public void Dispose() => _folder.Dispose();
}
