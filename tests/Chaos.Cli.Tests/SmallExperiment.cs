namespace Chaos.Cli.Tests;

/// <summary>An experiment that is small enough for tests of the tool itself.</summary>
internal static class SmallExperiment
{
    public static string WithFaultFor(string time) => $$"""
        id: small
        title: A small fleet is cut now and then
        checklist: Session resume token where feasible
        world: one-region
        fleet:
          client: reference
          count: 10
          channels: 2
          link: eu.clients
          policy: { base_ms: 100, cap_ms: 500, stable_ms: 1000 }
          feed: { from: backstage, rate_per_s: 50 }
        steady_state:
          - { id: all-connected, check: connected, min_share: 1 }
        timeline:
          baseline: 1s
          faults:
            - { name: slow, link: eu.clients, fault: latency, for: {{time}}, toxicity: 0.5, attributes: { latency: 20, jitter: 10 } }
            - { name: cut, link: eu.clients, fault: reset_peer, at: 200ms, for: 50ms, stream: both, toxicity: 0.4, attributes: { timeout: 0 }, repeat: { every: 300ms, count: 4, jitter: 100ms } }
          # A machine that stands still for two of these after the last cut leaves clients time to come back.
          recovery: 2s
        expectations:
          - { id: gapless, check: gapless, during: run, min_cuts: 3 }
        """;
}
