namespace Chaos.Experiments.Tests.Files;

/// <summary>Files that are right.</summary>
internal static class Samples
{
    /// <summary>Every part of an experiment.</summary>
    public const string Full = """
        # yaml-language-server: $schema=../schema/experiment.schema.json
        id: backoff-jitter
        title: Clients that were cut together come back apart
        checklist: Jittered exponential backoff
        tags: [wire]
        world: one-region
        gateway: { ping_interval_ms: 5000, limits: { frame_bytes: 4096 } }
        fleet:
          client: reference
          count: 500
          channels: 50
          link: eu.clients
          policy: { base_ms: 500, factor: 2, cap_ms: 4000, stable_ms: 5000 }
          feed: { from: backstage, rate_per_s: 20, bytes: 128 }
          token_ttl: 10m
        scripts:
          - name: stranger
            link: eu.clients
            tokens:
              mallory: { user: mallory, tenant: acme, ttl: 60s }
              late: { user: late, ttl: -1s, defect: bad-signature }
            steps:
              - send: [ { id: 1, connect: { token: $mallory } }, { id: 2, subscribe: { channel: "other:x" } } ]
              - expect: { id: 1, connect: {} }
                within: 1s
              - send: { id: 3, connect: { token: $late } }
              - expect_close: 3005
              - expect_silence: true
                within: 500ms
              - publish_to: acme:ch-000
              - send_raw: "{"
        steady_state:
          - { id: all-connected, check: connected, min_share: 1 }
        timeline:
          baseline: 3s
          faults_at_least: 10s
          faults:
            - name: refused
              link: eu.clients
              fault: ws_handshake
              at: 250ms
              for: 14s
              stream: downstream
              toxicity: 0.5
              attributes: { status: 503 }
              repeat: { every: 200ms, count: 60, jitter: 50ms }
            - { name: slow-store, link: eu.redis, fault: latency, for: 1.5s, attributes: { latency: 20 } }
          recovery: 8s
          settle: 5s
        stop_when:
          - { name: mass-disconnect, figure: disconnected_share, above: 0.9, for: 5s }
        expectations:
          - { id: jitter, check: backoff_jitter, during: refused, attempts: 5 }
          - { id: loss, check: no_loss }
        mutants:
          - { name: client.fixed-delay, killed_by: jitter }
        """;

    /// <summary>The least that an experiment needs.</summary>
    public const string Small = """
        id: small
        title: Clients stay connected
        checklist: Heartbeat
        world: one-region
        fleet:
          count: 1
          link: eu.clients
        timeline: {}
        expectations:
          - id: up
            check: connected
        """;
}
