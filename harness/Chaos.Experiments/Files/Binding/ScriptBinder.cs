using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Rules;
using Chaos.Load.Scripts;

namespace Chaos.Experiments.Files.Binding;

/// <summary>A checked script → its definition, with defaults filled in.</summary>
internal static class ScriptBinder
{
    public static ScriptDefinition Bind(Cursor script, string fleetLink) => new(script["name"].Text!, script["link"].Text ?? fleetLink,
        [.. script["steps"].Items.Select(Step)],
        script["tokens"].Members.ToDictionary(m => m.Key, m => Token(m.Value), StringComparer.Ordinal), script["after"].Text);

    private static ScriptToken Token(Cursor token) => new(token["user"].Text!, token["tenant"].Text ?? "acme",
        (token["ttl"].Duration ?? TimeSpan.FromSeconds(60)).TotalSeconds, token["channel"].Text, token["defect"].Text, token["jti"].Text);

    private static ScriptStepDefinition Step(Cursor step) => new(Messages(step["send"].Node), step["send_raw"].Text, Object(step["expect"]),
        step["expect_close"].Whole, step["expect_silence"].Truth ?? false, Milliseconds(step["within"]) ?? ScriptStepDefinition.DefaultWithinMs, step["publish_to"].Text)
    {
        On = step["on"].Text,
        SendBytes = step["send_bytes"] is { Exists: true } bytes ? Bytes(bytes) : null,
        Open = step["open"] is { Exists: true } open ? new ScriptHandshake(open["status"].Whole ?? 101, open["origin"].Text, open["reading"].Truth ?? true, open["link"].Text is { } link ? LinkNames.Normal(link) : null) : null,
        Disconnect = step["disconnect"].Truth ?? false,
        PauseMs = Milliseconds(step["pause"]),
        Admin = step["admin"] is { Exists: true } call
            ? new ScriptAdminCall(call["call"].Text!, Object(call["body"]), call["token"].Text ?? "admin", call["status"].Whole ?? 200, Object(call["answer"]))
            : null,
        Capture = step["capture"].Exists ? step["capture"].Members.ToDictionary(m => m.Key, m => m.Value.Text!, StringComparer.Ordinal) : null,
        Repeat = step["repeat"].Whole ?? 1,
    };

    private static ScriptBytes Bytes(Cursor bytes) => new([.. bytes["parts"].Items.Select(p => new ScriptBytesPart(p["text"].Text, p["hex"].Text, p["repeat"].Whole ?? 1))],
        bytes["as"].Text == "binary", bytes["fragments"].Whole ?? 1, Milliseconds(bytes["every"]) ?? 0, bytes["finished"].Truth ?? true);

    private static JsonNode[]? Messages(JsonNode? send) => send switch
    {
        JsonObject one => [one.DeepClone()],
        JsonArray several => [.. several.OfType<JsonNode>().Select(m => m.DeepClone())],
        _ => null,
    };

    private static JsonObject? Object(Cursor members) => members.Node?.DeepClone() as JsonObject;

    private static double? Milliseconds(Cursor duration) => duration.Duration?.TotalMilliseconds;
}
