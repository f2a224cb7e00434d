using System.Text.Json.Nodes;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Load.Scripts;

namespace Chaos.Experiments.Checks.Scripts;

/// <summary>
/// Did a scripted exchange go as written? Every step is compared again with what came, as the journal has it; what the runner
/// thought of it is not used.
/// </summary>
internal sealed class ScriptCheck() : Check("script", "Every step of a protocol script was answered as it says.",
    "steps that went as written, counted", Script)
{
    private static readonly TextOption Script = new("script", "Name of the script; every script of the experiment by default.");

    /// <summary>A runner's own lateness in noticing what came just in time.</summary>
    private const double LatenessMs = 500;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var name = Script.OrNull(context);
        var scripts = context.Definition.Scripts.Where(s => name is null || s.Name == name).ToList();
        if (scripts.Count == 0) throw new InvalidOperationException(name is null ? "The experiment has no script." : $"The experiment has no script {name}.");
        var steps = context.Events.OfType<ScriptStep>().ToLookup(s => s.Script);
        if (scripts.All(s => !steps[s.Name].Any())) return Finding.Inconclusive($"{string.Join(", ", scripts.Select(s => s.Name))} did not run");
        var defects = scripts.Select(s => (Script: s, Defect: FirstDefect(s, steps[s.Name].ToLookup(e => e.Step)))).ToList();
        var measures = defects.Select(d =>
        {
            var good = d.Defect?.Step ?? d.Script.Steps.Count;
            return new Measure($"steps of {d.Script.Name}", good, d.Script.Steps.Count, "", d.Script.Steps.Count, good == d.Script.Steps.Count, "=");
        }).ToList();
        var bad = defects.Where(d => d.Defect is not null).ToList();
        var total = scripts.Sum(s => s.Steps.Count);
        return Finding.ByMeasures(
            bad.Count == 0
                ? $"all {total} steps of {(scripts.Count == 1 ? scripts[0].Name : $"{scripts.Count} scripts")} went as written"
                : $"{bad[0].Script.Name}, step {bad[0].Defect!.Step + 1} of {bad[0].Script.Steps.Count}: {bad[0].Defect!.What}{(bad.Count > 1 ? $"; {bad.Count - 1} other scripts broke too" : "")}",
            measures);
    }

    private static Defect? FirstDefect(ScriptDefinition script, ILookup<int, ScriptStep> ran)
    {
        // What steps captured is captured again, from the journal: expectations may name it.
        var variables = new ScriptVariables();
        for (var i = 0; i < script.Steps.Count; i++)
        {
            var written = script.Steps[i];
            if (ran[i].FirstOrDefault() is not { } step) return new Defect(i, "it was never reached");
            if (What(written, step, variables) is { } what) return new Defect(i, what);
        }

        return null;
    }

    private static string? What(ScriptStepDefinition written, ScriptStep step, ScriptVariables variables)
    {
        // The runner's own remarks stand in brackets: no connection, or an administrative call that was refused.
        if (step.Received.FirstOrDefault(r => r.StartsWith('(')) is { } remark) return remark.Trim('(', ')');
        var messages = ScriptMessages.Of(step).ToList();
        if (written.Wanted() is { } wanted)
        {
            var expected = variables.Resolve(wanted)!;
            var match = messages.FirstOrDefault(m => ScriptMatcher.Matches(expected, m));
            if (match is null) return $"expected {expected.ToJsonString()}, came {Came(step)}";
            variables.Capture(written.Capture, written.Admin is null ? match : match["answer"]);
        }

        if (written.ExpectClose is { } code && step.CloseCode != code)
            return $"expected close code {code}, came {(step.CloseCode is { } other ? $"close code {other}" : Came(step))}";
        if (written.ExpectSilence && (messages.Any(m => m is not JsonObject { Count: 0 }) || step.CloseCode is not null))
            return $"expected silence, came {Came(step)}";
        return (written.Expect is not null || written.ExpectClose is not null) && step.ElapsedMs > written.WithinMs + LatenessMs
            ? $"the answer came after {step.ElapsedMs:0} ms, limit {written.WithinMs:0} ms"
            : null;
    }

    private static string Came(ScriptStep step)
    {
        if (step.Received.Length == 0) return step.CloseCode is { } code ? $"close code {code}" : "nothing";
        var text = string.Join(" ", step.Received);
        return text.Length <= 200 ? text : text[..200] + "…";
    }

    private sealed record Defect(int Step, string What);
}
