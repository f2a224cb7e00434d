using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Gateway.Admin;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Load.Scripts;

namespace Chaos.Experiments.Checks.Scripts;

/// <summary>
/// Does the gateway's audit log hold every administrative call that scripts made, refused and failed ones too, in their order, in an
/// unbroken chain? The log is the answer of the last <c>GET audit</c> that a script made; the calls are those that the journal has
/// before it. A call that was answered with 4xx must stand there as refused, any other as accepted, and one answered with 5xx as
/// failed after that.
/// </summary>
internal sealed class AuditCheck() : Check("audit", "Every administrative call is in the audit log, in order and tamper-evident.",
    "calls that the log holds in order, counted", AlsoHolds)
{
    private static readonly TextOption AlsoHolds = new("also_holds", "An action that the log must hold besides, such as resume.refused.");

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var steps = context.Events.OfType<ScriptStep>().ToLookup(s => (s.Script, s.Step));
        var calls = context.Definition.Scripts.SelectMany(s => s.Steps.Select((step, i) => (Script: s.Name, Step: step, Ran: steps[(s.Name, i)].FirstOrDefault())))
            .Where(c => c.Ran is not null && (c.Step.Admin is not null || c.Step.PublishTo is not null))
            .Select(c => new Call(c.Script, c.Step, c.Ran!, ScriptMessages.Of(c.Ran!).FirstOrDefault() as JsonObject)).ToList();
        var reading = calls.Where(c => c.Step.Admin?.Call == "GET audit" && c.Status == 200).OrderBy(c => c.Ran.At).LastOrDefault();
        if (reading is null) return Finding.Inconclusive("no script read the audit log: end the last script with admin: { call: GET audit }");
        List<JsonObject> log = [.. (reading.Answer?["answer"]?["entries"] as JsonArray ?? []).OfType<JsonObject>()];
        var traces = calls.Where(c => c.Ran.At <= reading.Ran.At).GroupBy(c => c.Script).Select(script => script.SelectMany(Trace).ToList()).ToList();
        var missing = traces.SelectMany(trace => Missing(trace, log)).ToList();
        var made = traces.Sum(trace => trace.Count);
        var breach = AuditChain.Verify(Encoding.UTF8.GetBytes(string.Join('\n', log.Select(e => e.ToJsonString()))));
        var action = AlsoHolds.OrNull(context);
        var held = log.Count(e => Text(e["action"]) == action);
        var measures = new List<Measure>
        {
            new("calls that are missing", missing.Count, 0, "", made, missing.Count == 0, "="),
            new("breaches of the chain", breach is null ? 0 : 1, 0, "", log.Count, breach is null, "="),
        };
        if (action is not null) measures.Add(new Measure($"entries of {action}", held, 1, "", log.Count, held > 0, "≥"));
        return Finding.ByMeasures(
            missing.Count > 0 ? $"the audit log does not hold, or not in its order, {missing[0]}"
            : breach is not null ? $"the audit log's chain is broken: {breach}"
            : action is not null && held == 0 ? $"the audit log holds nothing of {action}"
            : string.Create(CultureInfo.InvariantCulture, $"all {made} administrative calls are in the audit log, in order, and its chain of {log.Count} entries is whole"),
            measures);
    }

    /// <summary>What a call must have left, in order: action and decision.</summary>
    private static List<(string Action, string Decision)> Trace(Call call)
    {
        var step = call.Step;
        if (step.PublishTo is not null) return call.Ran.Matched ? [.. Enumerable.Repeat(("POST /admin/publish", "accepted"), step.Repeat)] : [];
        var words = step.Admin!.Call.Split(' ', 2);
        var action = $"{words[0]} /admin/{words[1]}";
        return call.Status switch
        {
            0 => [],
            >= 500 => [(action, "accepted"), (action, "failed")],
            >= 400 => [(action, "refused")],
            _ => [(action, "accepted")],
        };
    }

    /// <summary>What is not found when the log is read once, from the front.</summary>
    private static List<string> Missing(List<(string Action, string Decision)> wanted, List<JsonObject> log)
    {
        var missing = new List<string>();
        var at = 0;
        foreach (var (action, decision) in wanted)
        {
            var found = log.FindIndex(at, e => Text(e["action"]) == action && Text(e["details"]?["decision"]) == decision);
            if (found < 0) missing.Add($"{action} as {decision}");
            else at = found + 1;
        }

        return missing;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A call that a script made.</summary>
    /// <param name="Answer">Status and body as the runner noted them; null when there was no answer.</param>
    private sealed record Call(string Script, ScriptStepDefinition Step, ScriptStep Ran, JsonObject? Answer)
    {
        /// <summary>HTTP status of the answer; 0 without one.</summary>
        public int Status => Answer?["status"] is JsonValue status ? status.GetValue<int>() : 0;
    }
}
