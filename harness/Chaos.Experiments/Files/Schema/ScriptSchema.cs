using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The scripts' part of the schema.</summary>
internal static class ScriptSchema
{
    /// <summary>Keys of which a step has exactly one.</summary>
    public static readonly string[] Actions = ["send", "send_raw", "expect", "expect_close", "expect_silence", "publish_to"];

    /// <summary>Those of them that wait, and so may have <c>within</c>.</summary>
    public static readonly string[] Waits = ["expect", "expect_close", "expect_silence"];

    public static JsonObject Script() => Object("A protocol exchange on a connection of its own.", ["name", "steps"],
        ("name", Name("Unique in the experiment.")),
        ("link", Text("The link it connects through; the fleet's by default.")),
        ("tokens", new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Tokens that steps use as $name.",
            ["propertyNames"] = new JsonObject { ["pattern"] = "^[A-Za-z][A-Za-z0-9_-]*$", ["description"] = "A name begins with a letter; letters, digits, - and _ follow." },
            ["additionalProperties"] = Ref("script_token"),
        }),
        ("steps", List("What is sent and expected, in order. At least one.", Ref("script_step"), min: 1, max: 500)));

    public static JsonObject Token() => Object("A token: claims and lifetime.", ["user"],
        ("user", Text("Subject.")),
        ("tenant", Text("Tenant claim; acme by default.", "acme")),
        ("ttl", Duration("Lifetime; negative for a token that has expired already.", Limits.ScriptTokenTtl, "60s")),
        ("channel", Text("Makes it a subscription token for this channel.")),
        ("defect", Enum("defect", "What is wrong with it; nothing by default.", ["bad-signature", "wrong-audience", "wrong-issuer", "alg-none"])));

    public static JsonObject Step() => Object($"One step: exactly one of {Words.List(Actions)}; those that expect may have within.", [],
        ("send", new JsonObject
        {
            ["type"] = Strings("array", "object"), ["minItems"] = 1, ["maxItems"] = 1000,
            ["items"] = new JsonObject { ["type"] = "object", ["description"] = "A message is a mapping; anything else goes through send_raw." },
            ["description"] = "A message, or a list of messages that are sent in one frame. Strings $name are replaced by tokens.",
        }),
        ("send_raw", new JsonObject { ["type"] = "string", ["description"] = "Text to send as one frame, as it is." }),
        ("expect", new JsonObject
        {
            ["type"] = "object",
            ["description"] = "A message that must come: every member given must be equal, {} stands for any object. Others before it are passed over.",
        }),
        ("expect_close", Whole("Close code that must come, 1000 to 4999.", 1000, 4999)),
        ("expect_silence", new JsonObject { ["title"] = "value", ["type"] = "boolean", ["enum"] = new JsonArray(true), ["description"] = "true: nothing but pings may come until within has passed." }),
        ("publish_to", Text("Publishes a marker to this channel through the gateway's admin API.")),
        ("within", Duration("Deadline of what is expected.", Limits.Within, "2s")));
}
