using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of protocol scripts.</summary>
internal static class ScriptRules
{
    public static void Check(RuleContext context)
    {
        var scripts = context.Root["scripts"].Items.ToList();
        context.ReportDuplicates(scripts.Select(s => s["name"]), "script");
        foreach (var script in scripts)
        {
            LinkRules.Check(context, script["link"], LinkKind.WebSocket, "a script");
            foreach (var (_, token) in script["tokens"].Members) context.ReportRange(token["ttl"], Limits.ScriptTokenTtl);
            var tokens = script["tokens"].Members.Select(m => m.Key).ToList();
            foreach (var step in script["steps"].Items) Step(context, step, tokens);
        }
    }

    private static void Step(RuleContext context, Cursor step, List<string> tokens)
    {
        if (step.Node is not JsonObject members) return;
        var actions = ScriptSchema.Actions.Where(members.ContainsKey).ToList();
        var shown = Pointers.Shown(step.Pointer);
        // A step of misspelt keys only is told as such by the schema.
        if (actions.Count == 0 && members.All(m => m.Key == "within"))
            context.Report(step, $"{shown} does nothing", $"Give it one of {Words.List(ScriptSchema.Actions)}.");
        if (actions.Count > 1)
            context.Report(step, $"{shown} has {Words.Quoted(actions)}", "A step does one thing; make it several steps.");
        if (actions.Count == 1 && members.ContainsKey("within") && !ScriptSchema.Waits.Contains(actions[0]))
            context.Report(step["within"], $"{shown} has 'within', but '{actions[0]}' waits for nothing", $"Only {Words.List(ScriptSchema.Waits)} wait; remove it.");
        context.ReportRange(step["within"], Limits.Within);
        Tokens(context, step["send"], tokens);
    }

    private static void Tokens(RuleContext context, Cursor sent, List<string> tokens)
    {
        if (sent.Text is { Length: > 1 } text && text[0] == '$' && !tokens.Contains(text[1..]))
            context.Report(sent, $"unknown token '{Words.Shown(text)}'", Words.Suggest(text[1..], tokens, "tokens"));
        foreach (var item in sent.Items) Tokens(context, item, tokens);
        foreach (var (_, member) in sent.Members) Tokens(context, member, tokens);
    }
}
