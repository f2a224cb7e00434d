using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>A step as the journal shows it.</summary>
internal static class ScriptWords
{
    /// <summary>What was done, with <c>$name</c> in place of tokens, which are secrets; null for a step that only waits.</summary>
    public static string? Sent(ScriptStepDefinition step) => step switch
    {
        { Send: not null } => string.Join('\n', step.Send.Select(message => message.ToJsonString())),
        { SendRaw: not null } => step.SendRaw,
        { SendBytes: { } bytes } => $"({ScriptPayload.Of(bytes).Length} bytes in {bytes.Fragments} frames){(step.Repeat > 1 ? $", {step.Repeat} times" : "")}",
        { PublishTo: not null } => $"(admin) publish to {step.PublishTo}{(step.Repeat > 1 ? $", {step.Repeat} times" : "")}",
        { Open: { } open } => $"(open){(open.Origin is null ? "" : $" from {open.Origin}")}",
        { Disconnect: true } => "(disconnect)",
        { PauseMs: { } pause } => $"(pause of {pause:0} ms)",
        { Admin: { } call } => $"(admin) {call.Call}{(call.Body is null ? "" : " " + call.Body.ToJsonString())}{(call.Token == "admin" ? "" : $" with {call.Token} token")}",
        _ => null,
    };

    /// <summary>What must come, as JSON; null for a step that waits for nothing.</summary>
    public static string? Expected(ScriptStepDefinition step, ScriptVariables variables) => step switch
    {
        { ExpectClose: not null } => new JsonObject { ["close"] = step.ExpectClose }.ToJsonString(),
        { ExpectSilence: true } => new JsonObject { ["silence_ms"] = step.WithinMs }.ToJsonString(),
        _ => step.Wanted() is { } wanted ? variables.Resolve(wanted)!.ToJsonString() : null,
    };
}
