using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Gateway.Admin;
using Chaos.Gateway.Settings;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Load.Scripts;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class AuditCheckTests
{
    private static readonly (string Action, string Decision) Reading = ("GET /admin/audit", "accepted");

    // Written by the gateway's own log: the chain is the real one.
    private static readonly JsonArray Log = Entries(("POST /admin/revoke", "refused"), ("POST /admin/publish", "accepted"), ("POST /admin/publish", "failed"), Reading);

    [Fact]
    public void A_log_with_every_call_in_order_is_met()
    {
        var result = Ran(Log, (401, "POST revoke"), (503, "POST publish")).Judge("audit");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
    }

    [Fact]
    public void A_call_that_is_missing_breaks() =>
        Assert.Contains("does not hold, or not in its order, POST /admin/drain as accepted",
            Ran(Log, (401, "POST revoke"), (503, "POST publish"), (200, "POST drain")).Judge("audit").Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_failure_that_stands_there_as_accepted_only_breaks() =>
        Assert.Equal(ExpectationOutcome.Broken, Ran(Entries(("POST /admin/publish", "accepted"), Reading), (503, "POST publish")).Judge("audit").Outcome);

    [Fact]
    public void Calls_in_another_order_break() =>
        Assert.Equal(ExpectationOutcome.Broken, Ran(Log, (503, "POST publish"), (401, "POST revoke")).Judge("audit").Outcome);

    [Fact]
    public void An_entry_that_was_changed_breaks_the_chain()
    {
        var edited = (JsonArray)Log.DeepClone();
        edited[1]!["actor"] = "somebody else";
        Assert.Contains("chain is broken: line 2: was changed", Ran(edited, (401, "POST revoke")).Judge("audit").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_that_must_be_there_besides_breaks_when_it_is_not() =>
        Assert.Contains("holds nothing of resume.refused", Ran(Log, (401, "POST revoke")).Judge("audit", new { also_holds = "resume.refused" }).Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_log_that_was_never_read_is_inconclusive() => Assert.Equal(ExpectationOutcome.Inconclusive, Ran(null, (401, "POST revoke")).Judge("audit").Outcome);

    private static JournalBuilder Ran(JsonArray? log, params (int Status, string Call)[] calls)
    {
        var steps = calls.Select(c => Step(c.Call)).ToList();
        if (log is not null) steps.Add(Step("GET audit"));
        var builder = new JournalBuilder().Phased();
        builder.Definition = builder.Definition with { Scripts = [new ScriptDefinition("s", JournalBuilder.Link, steps, new Dictionary<string, ScriptToken>())] };
        for (var i = 0; i < calls.Length; i++) builder.Add(4_000 + i, Event(i, new JsonObject { ["status"] = calls[i].Status, ["answer"] = new JsonObject() }));
        if (log is not null) builder.Add(5_000, Event(calls.Length, new JsonObject { ["status"] = 200, ["answer"] = new JsonObject { ["entries"] = log.DeepClone() } }));
        return builder;
    }

    private static ScriptStepDefinition Step(string call) => new(null, null, null, null) { Admin = new ScriptAdminCall(call, null, "admin", 200, null) };

    private static ScriptStep Event(int step, JsonObject answer) => new("s", step, "(admin)", null, [answer.ToJsonString()], null, 5, true);

    private static JsonArray Entries(params (string Action, string Decision)[] calls)
    {
        var folder = Directory.CreateTempSubdirectory("audit");
        try
        {
            var settings = new GatewaySettings { AuditFile = Path.Combine(folder.FullName, "audit.jsonl") };
            using var log = new AuditLog(settings, TimeProvider.System, NullLogger<AuditLog>.Instance);
            foreach (var (action, decision) in calls) log.Write("admin", action, new { decision });
            return [.. log.Read()];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
