using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using static Chaos.Reports.Tests.Samples.SampleVerdicts;

namespace Chaos.Reports.Tests.Samples;

/// <summary>A run as large as a real one: clients cut and refused, a slow store, a link cut many times, one skipped.</summary>
internal static class RealisticRun
{
    private const int Clients = 500;

    public static (JournalContent Journal, RunVerdict Verdict) Make(ulong seed = 7)
    {
        var random = new SampleRandom(seed);
        var journal = new SampleJournal().RunStarts();
        Backoff(journal, random);
        Latency(journal, random, 40);
        Cuts(journal, random, 70);
        journal.Add(100, new RunEnded("deviated", 1));
        var hits = new Dictionary<string, long> { ["cut-all"] = Clients, ["refuse-all"] = 2_690 };
        var verdict = Run(Outcome.Deviated,
        [
            Experiment("backoff-jitter", Outcome.Passed, "500 clients that were all cut and refused for 8 s came back spread out as they had declared.",
            [
                Met("spread", "backoff_distribution", "KS at α=.001, Bonferroni over 5 attempts", "The gaps before every attempt follow the declared uniform distribution.",
                    [.. Enumerable.Range(0, 5).Select(k => new Measure($"KS D, attempt {k}", 0.031 + (0.007 * k), 0.0962, "", 500, true)),
                     .. Enumerable.Range(0, 5).Select(k => new Measure($"peak/mean of 20 bins, attempt {k}", 1.34 + (0.04 * k), 1.84, "×", 500, true))]),
                Met("cap", "backoff_cap", "largest gap", "No gap was longer than the cap allows.", new Measure("longest gap", 2_004.7, 2_150, "ms", 2_690, true)),
            ], "Clients that lose their gateway come back spread out, not in step", "jittered backoff", hits, 24.2),
            Experiment("latency-redis-slow", Outcome.Deviated, "While Redis answered 40 ms late, p99 of delivery was 231 ms, above the budget of 200 ms for a degraded dependency.",
            [
                Met("normal", "delivery_latency", "percentile with 99 % bootstrap interval", "Before the fault, delivery was within the normal budget.",
                    new Measure("p99", 8.31, 50, "ms", 4_000, true, Low: 7.9, High: 9.2), new Measure("p95", 5.12, 30, "ms", 4_000, true, Low: 5.0, High: 5.3)),
                Broken("degraded", "delivery_latency", "percentile with 99 % bootstrap interval", "With Redis slow, p99 was 231 ms; its budget is 200 ms.",
                    new Measure("p50", 88.4, 120, "ms", 9_600, true, Low: 87.1, High: 89.6), new Measure("p95", 171, 180, "ms", 9_600, true, Low: 168, High: 174),
                    new Measure("p99", 231, 200, "ms", 9_600, false, Low: 222, High: 240)),
            ], "Delivery stays within its degraded budget while Redis is slow", "latency budget p50/p95/p99", new Dictionary<string, long> { ["redis-slow"] = 19_211 }, 21.8),
            Experiment("resume-random-cuts", Outcome.Inconclusive, "Only 143 of the 200 cuts that it takes hit a connection.",
            [
                new ExpectationResult("gapless", "delivery_exact", ExpectationOutcome.Inconclusive, "0 in 300 bounds the rate below 1 %", "Every counter was delivered exactly once in order, over 143 cuts; 200 are needed.",
                    new Measure("cuts", 143, 200, "", 143, false, "≥"), [new Measure("cuts", 143, 200, "", 143, false, "≥"), new Measure("gaps", 0, 0, "", 12_450, true, "=")]),
            ], "A client that is cut at any moment misses nothing and sees nothing twice", "session resume", new Dictionary<string, long> { ["cut"] = 143, ["slow-last-mile"] = 800 }, 26),
        ], new SkippedExperiment("resume-centrifuge-js", "The real centrifuge client resumes after random cuts", "Node is not installed; it needs Node 20 or later."));
        return (journal.Build(), verdict);
    }

    private static void Backoff(SampleJournal journal, SampleRandom random)
    {
        const double baseline = 3, cut = 8, allowed = 16;
        journal.Experiment("backoff-jitter", 0, "Clients that lose their gateway come back spread out, not in step", "jittered backoff",
            new { fleet = new { link = "eu.clients", policy = new { base_ms = 500, factor = 2, cap_ms = 2000, distribution = "full-jitter" } } });
        journal.Phases(0, baseline, cut, 18, 21, 23);
        journal.Fault("cut-all", "eu.clients", "reset_peer", cut, cut + 0.3).Fault("refuse-all", "eu.clients", "ws_handshake", cut, allowed);
        long conn = Clients;
        for (var c = 0; c < Clients; c++)
        {
            var name = $"c-{c:0000}";
            var opened = 0.2 + (2 * random.Next());
            journal.Add(opened, new ClientAttempt(name, 0, null)).Add(opened + 0.004, new LedgerHandshake("eu.clients", c, name, 101, "upstream", SampleJournal.Us(opened + 0.002)));
            journal.Add(opened + 0.01, new ClientConnected(name, null, false, "eu.gateway-1"));
            var at = cut + (0.02 * random.Next());
            journal.Add(at, new LedgerClosed("eu.clients", c, name, "fault", "rst", null, null, "cut-all", 900, 4000, 9, 40, SampleJournal.Us(at), 0));
            journal.Add(at + 0.001, new ClientDisconnected(name, "transport", null, null, false));
            for (var attempt = 0; ; attempt++)
            {
                var gap = random.Next() * Math.Min(2, 0.5 * Math.Pow(2, attempt));
                at += gap;
                conn++;
                journal.Add(at, new ClientAttempt(name, attempt, gap * 1e3));
                if (at > allowed)
                {
                    journal.Add(at + 0.002, new LedgerHandshake("eu.clients", conn, name, 101, "upstream", SampleJournal.Us(at)));
                    journal.Add(at + 0.008, new ClientConnected(name, null, true, "eu.gateway-1"));
                    break;
                }

                journal.Add(at + 0.001, new LedgerHandshake("eu.clients", conn, name, 503, "fault", SampleJournal.Us(at)));
                journal.Add(at + 0.001, new LedgerInjected("eu.clients", "refuse-all", conn, "downstream", 0, "refused", 0, 0, 0));
            }
        }

        for (var s = 0; s < 22; s++) journal.Add(s, new LedgerOverhead("eu.clients", Clients, 900, 31 + s, 120 + (4 * s), 900)).Add(s, new LedgerOverhead("eu.redis", 4, 420, 12, 44, 200));
    }

    private static void Latency(SampleJournal journal, SampleRandom random, double start)
    {
        journal.Experiment("latency-redis-slow", start, "Delivery stays within its degraded budget while Redis is slow", "latency budget p50/p95/p99", new
        {
            fleet = new { link = "eu.clients" },
            expectations = new[] { new { id = "normal", during = "baseline" }, new { id = "degraded", during = "redis-slow" } },
        });
        journal.Phases(start, start + 1.5, start + 5, start + 17, start + 20, start + 21.5).Fault("redis-slow", "eu.redis", "latency", start + 5, start + 17);
        for (var c = 0; c < 40; c++) journal.Add(start + 0.5 + (c * 0.01), new ClientAttempt($"c-{c}", 0, null)).Add(start + 0.51 + (c * 0.01), new ClientConnected($"c-{c}", null, false, null));
        for (var i = 0; i < 7_600; i++)
        {
            var due = start + 1.5 + (i * 0.0025);
            var slow = due > start + 5 && due < start + 17;
            var ms = (slow ? 40 : 1.5) + (-Math.Log(1 - random.Next()) * (slow ? 42 : 1.4));
            journal.Add(due + (ms / 1e3), new ClientDelivered($"c-{i % 40}", "acme:ch-001", "p-1", [i + 1], [SampleJournal.Us(due)], [(long)(ms * 1e3)]));
            if (slow && i % 3 == 0) journal.Add(due, new LedgerInjected("eu.redis", "redis-slow", i % 4, "downstream", i, "delayed", 40_000, 40_000 + (long)(900 * random.Next()), 120));
        }

        for (var s = 0; s < 20; s++) journal.Add(start + s, new LedgerOverhead("eu.redis", 4, 1_400, 11, 52, 310)).Add(start + s, new LedgerOverhead("eu.clients", 40, 1_600, 28, 95, 410));
    }

    private static void Cuts(SampleJournal journal, SampleRandom random, double start)
    {
        journal.Experiment("resume-random-cuts", start, "A client that is cut at any moment misses nothing and sees nothing twice", "session resume");
        journal.Phases(start, start + 1, start + 4, start + 21, start + 24, start + 26).Fault("slow-last-mile", "eu.clients", "latency", start + 4, start + 20);
        for (var c = 0; c < 8; c++) journal.Add(start + 0.5, new ClientConnected($"c-{c}", null, false, null));
        for (var i = 0; i < 24; i++)
        {
            var at = start + 4.2 + (i * 0.65) + (0.2 * random.Next());
            journal.Fault("cut", "eu.clients", "ws_close", at, at + 0.05, i);
            for (var c = 0; c < 6; c++)
            {
                journal.Add(at + 0.01, new LedgerInjected("eu.clients", $"cut#{i}", (i * 6) + c, "downstream", 0, "closed", 0, 0, 0));
                journal.Add(at + 0.011, new ClientDisconnected($"c-{c}", "close", 1006, null, false)).Add(at + 0.1 + (0.3 * random.Next()), new ClientAttempt($"c-{c}", 1, 90))
                    .Add(at + 0.15 + (0.3 * random.Next()), new ClientConnected($"c-{c}", "s", true, null));
            }
        }
    }
}
