using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Definitions;
using Chaos.Gateway.Admin;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

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
            .Where(c => c.Ran is not null && (c.Step.Admin is not null || c.Step.PublishTo is not null)).ToList();
        var reading = calls.Where(c => c.Step.Admin?.Call == "GET audit" && Status(c.Ran!) == 200).OrderBy(c => c.Ran!.At).LastOrDefault();
        if (reading.Ran is null) return Finding.Inconclusive("no script read the audit log: end the last script with admin: { call: GET audit }");
        var log = Entries(reading.Ran);
        var before = calls.Where(c => c.Ran!.At <= reading.Ran.At).ToList();
        var missing = before.GroupBy(c => c.Script).SelectMany(script => Missing(script.SelectMany(c => Trace(c.Step, c.Ran!)).ToList(), log)).ToList();
        var made = before.Sum(c => Trace(c.Step, c.Ran!).Count);
        var breach = AuditChain.Verify(Encoding.UTF8.GetBytes(string.Join('\n', log.Select(e => e.ToJsonString()))));
        var unheld = AlsoHolds.OrNull(context) is { } also && !log.Any(e => Text(e["action"]) == also) ? also : null;
        var measures = new List<Measure>
        {
            new("calls that are missing", missing.Count, 0, "", made, missing.Count == 0, "="),
            new("breaches of the chain", breach is null ? 0 : 1, 0, "", log.Count, breach is null, "="),
        };
        if (AlsoHolds.OrNull(context) is { } action) measures.Add(new Measure($"entries of {action}", log.Count(e => Text(e["action"]) == action), 1, "", log.Count, unheld is null, "≥"));
        return Finding.ByMeasures(
            missing.Count > 0 ? $"the audit log does not hold, or not in its order, {missing[0]}"
            : breach is not null ? $"the audit log's chain is broken: {breach}"
            : unheld is not null ? $"the audit log holds nothing of {unheld}"
            : string.Create(CultureInfo.InvariantCulture, $"all {made} administrative calls are in the audit log, in order, and its chain of {log.Count} entries is whole"),
            measures);
    }

    /// <summary>What a call must have left, in order: action and decision.</summary>
    private static List<(string Action, string Decision)> Trace(Chaos.Load.Scripts.ScriptStepDefinition step, ScriptStep ran)
    {
        if (step.PublishTo is not null) return ran.Matched ? [.. Enumerable.Repeat(("POST /admin/publish", "accepted"), step.Repeat)] : [];
        var words = step.Admin!.Call.Split(' ', 2);
        var action = $"{words[0]} /admin/{words[1]}";
        return Status(ran) switch
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

    private static int Status(ScriptStep ran) => Answer(ran)?["status"] is JsonValue status ? status.GetValue<int>() : 0;

    private static List<JsonObject> Entries(ScriptStep ran) => [.. (Answer(ran)?["answer"]?["entries"] as JsonArray ?? []).OfType<JsonObject>()];

    private static JsonNode? Answer(ScriptStep ran) => ran.Received is [{ } first, ..] && first.StartsWith('{') ? JsonNode.Parse(first) : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
