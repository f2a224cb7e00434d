using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Schema;
using Chaos.Load.Scripts;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of protocol scripts.</summary>
internal static class ScriptRules
{
    public static void Check(RuleContext context)
    {
        var scripts = context.Root["scripts"].Items.ToList();
        context.ReportDuplicates(scripts.Select(s => s["name"]), "script");
        var above = new List<string>();
        foreach (var script in scripts)
        {
            LinkRules.Check(context, script["link"], LinkKind.WebSocket, "a script");
            if (script["after"].Text is { } first && !above.Contains(first))
                context.Report(script["after"], $"no script above this one is named '{Words.Shown(first)}'", Words.Suggest(first, above, "scripts above"));
            foreach (var (_, token) in script["tokens"].Members) context.ReportRange(token["ttl"], Limits.ScriptTokenTtl);
            var tokens = script["tokens"].Members.Select(m => m.Key).ToList();
            var captured = new List<string>();
            foreach (var step in script["steps"].Items) Step(context, step, tokens, captured);
            if (script["name"].Text is { } name) above.Add(name);
        }
    }

    private static void Step(RuleContext context, Cursor step, List<string> tokens, List<string> captured)
    {
        if (step.Node is not JsonObject members) return;
        var actions = ScriptSchema.Actions.Where(members.ContainsKey).ToList();
        var shown = Pointers.Shown(step.Pointer);
        // A step of misspelt keys only is told as such by the schema.
        if (actions.Count == 0 && members.All(m => m.Key is "within" or "on" or "repeat" or "capture"))
            context.Report(step, $"{shown} does nothing", $"Give it one of {Words.List(ScriptSchema.Actions)}.");
        if (actions.Count > 1)
            context.Report(step, $"{shown} has {Words.Quoted(actions)}", "A step does one thing; make it several steps.");
        if (actions.Count == 1)
        {
            Fits(context, step, "within", actions[0], ScriptSchema.Waits, "wait", "waits for nothing");
            Fits(context, step, "repeat", actions[0], ["publish_to", "send_bytes"], "repeat", "happens once");
            Fits(context, step, "capture", actions[0], ["expect", "admin"], "capture", "brings nothing to capture");
            Fits(context, step, "on", actions[0], [.. ScriptSchema.Actions.Except(["publish_to", "pause", "admin"])], "use a connection", "uses no connection");
        }

        LinkRules.Check(context, step["open"]["link"], LinkKind.WebSocket, "a script");
        context.ReportRange(step["within"], Limits.Within);
        context.ReportRange(step["pause"], Limits.ScriptPause);
        context.ReportRange(step["send_bytes"]["every"], Limits.ScriptPause);
        foreach (var part in step["send_bytes"]["parts"].Items)
        {
            if (part.Node is JsonObject && part["text"].Exists == part["hex"].Exists)
                context.Report(part, $"{Pointers.Shown(part.Pointer)} must have one of text and hex", "Give it text for characters, or hex for bytes.");
        }

        Names(context, step["send"], tokens, captured);
        Names(context, step["expect"], tokens, captured);
        Names(context, step["admin"]["body"], tokens, captured);
        Names(context, step["admin"]["answer"], tokens, captured);
        captured.AddRange(step["capture"].Members.Select(m => m.Key));
    }

    private static void Fits(RuleContext context, Cursor step, string key, string action, string[] fitting, string verb, string why)
    {
        if (step[key].Exists && !fitting.Contains(action))
            context.Report(step[key], $"{Pointers.Shown(step.Pointer)} has '{key}', but '{action}' {why}", $"Only {Words.List(fitting)} {verb}{(fitting.Length == 1 ? "s" : "")}; remove it.");
    }

    private static void Names(RuleContext context, Cursor node, List<string> tokens, List<string> captured)
    {
        if (node.Text is { Length: > 1 } text)
        {
            foreach (var name in ScriptVariables.Name().Matches(text).Select(m => m.Groups[1].Value).Where(n => !captured.Contains(n)))
                context.Report(node, $"nothing was captured as '{Words.Shown(name)}'", Words.Suggest(name, captured, "captured values"));
            if (text[0] == '$' && text[1] != '{' && !tokens.Contains(text[1..]))
                context.Report(node, $"unknown token '{Words.Shown(text)}'", Words.Suggest(text[1..], tokens, "tokens"));
        }

        foreach (var item in node.Items) Names(context, item, tokens, captured);
        foreach (var (_, member) in node.Members) Names(context, member, tokens, captured);
    }
}
