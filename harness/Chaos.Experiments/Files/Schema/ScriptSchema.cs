using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The scripts' part of the schema.</summary>
internal static class ScriptSchema
{
    /// <summary>Keys of which a step has exactly one.</summary>
    public static readonly string[] Actions = ["send", "send_raw", "send_bytes", "expect", "expect_close", "expect_silence", "publish_to", "open", "disconnect", "pause", "admin"];

    /// <summary>Those of them that wait, and so may have <c>within</c>.</summary>
    public static readonly string[] Waits = ["expect", "expect_close", "expect_silence"];

    public static JsonObject Script() => Object("A protocol exchange on connections of its own.", ["name", "steps"],
        ("name", Name("Unique in the experiment.")),
        ("link", Text("The link it connects through; the fleet's by default.")),
        ("after", Text("The script above it that must have ended before this one starts; it starts with the faults phase by default.")),
        ("tokens", new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Tokens that steps use as $name.",
            ["propertyNames"] = Identifier(),
            ["additionalProperties"] = Ref("script_token"),
        }),
        ("steps", List("What is sent and expected, in order. At least one.", Ref("script_step"), min: 1, max: 500)));

    public static JsonObject Token() => Object("A token: claims and lifetime.", ["user"],
        ("user", Text("Subject.")),
        ("tenant", Text("Tenant claim; acme by default.", "acme")),
        ("ttl", Duration("Lifetime; negative for a token that has expired already.", Limits.ScriptTokenTtl, "60s")),
        ("channel", Text("Makes it a subscription token for this channel.")),
        ("jti", Text("Id of the token, by which it alone can be revoked.")),
        ("defect", Enum("defect", "What is wrong with it; nothing by default.", ["bad-signature", "wrong-audience", "wrong-issuer", "alg-none"])));

    public static JsonObject Step() => Object($"One step: exactly one of {Words.List(Actions)}; those that expect may have within.", [],
        ("on", Name("The script's connection that the step is about; main by default. A connection opens when it is first used.")),
        ("send", new JsonObject
        {
            ["type"] = Strings("array", "object"), ["minItems"] = 1, ["maxItems"] = 1000,
            ["items"] = new JsonObject { ["type"] = "object", ["description"] = "A message is a mapping; anything else goes through send_raw." },
            ["description"] = "A message, or a list of messages that are sent in one frame. Strings $name are replaced by tokens, ${name} by what was captured.",
        }),
        ("send_raw", new JsonObject { ["type"] = "string", ["description"] = "Text to send as one frame, as it is." }),
        ("send_bytes", Ref("script_bytes")),
        ("expect", Free("A message that must come: every member given must be equal, {} stands for any object. Others before it are passed over.")),
        ("expect_close", Whole("Close code that must come, 1000 to 4999.", 1000, 4999)),
        ("expect_silence", True("true: nothing but pings may come until within has passed.")),
        ("publish_to", Text("Publishes a marker to this channel through the gateway's admin API.")),
        ("repeat", Whole("With publish_to and send_bytes: how many markers or messages; 1 by default.", 1, 10_000, 1)),
        ("open", Object("Opens the connection now, and says what the handshake must be answered with.", [],
            ("status", Whole("HTTP status of the answer; 101 when it must succeed, which is the default.", 100, 599, 101)),
            ("origin", Text("Origin header, as a browser sends it.")),
            ("link", Text("The link that this connection goes through; the script's by default.")),
            ("reading", TrueUnless("false: nothing is read until a step expects something, so that buffers fill. true by default.")))),
        ("disconnect", True("true: drops the connection without a close frame. It opens anew when it is next used.")),
        ("pause", Duration("Waits.", Limits.ScriptPause)),
        ("admin", Object("A call of the gateway's admin API.", ["call"],
            ("call", new JsonObject { ["type"] = "string", ["pattern"] = "^(GET|POST|PUT|DELETE) [a-z][a-z0-9/_-]*$", ["description"] = "Method and path below /admin/, such as POST revoke." }),
            ("body", Free("Its body.")),
            ("token", Enum("token", "The bearer token it is made with; admin by default.", ["admin", "wrong", "none"])),
            ("status", Whole("HTTP status of the answer; 200 by default.", 100, 599, 200)),
            ("answer", Free("What the answer must hold: every member given must be equal.")))),
        ("capture", new JsonObject
        {
            ["type"] = "object", ["minProperties"] = 1,
            ["description"] = "With expect and admin: a name for later steps, and where its value stands in what came, members joined by dots.",
            ["propertyNames"] = Identifier(),
            ["additionalProperties"] = Text("Members joined by dots, such as connect.data.resume."),
        }),
        ("within", Duration("Deadline of what is expected.", Limits.Within, "5s")));

    public static JsonObject Bytes() => Object("One WebSocket message of arbitrary bytes.", ["parts"],
        ("parts", List("The bytes, part by part: each has text or hex.", Object("A part.", [],
            ("text", new JsonObject { ["type"] = "string", ["description"] = "Sent in UTF-8." }),
            ("hex", new JsonObject { ["type"] = "string", ["pattern"] = "^([0-9A-Fa-f]{2})+$", ["description"] = "Bytes in hexadecimal." }),
            ("repeat", Whole("How often the part stands there; 1 by default.", 1, 1_000_000, 1))), min: 1, max: 100)),
        ("as", Enum("as", "Kind of the message; text by default.", ["text", "binary"])),
        ("fragments", Whole("Number of frames that the bytes are spread over; 1 by default.", 1, 1000, 1)),
        ("every", Duration("Pause between the frames; none by default.", Limits.ScriptPause)),
        ("finished", TrueUnless("false: the last frame says that more is to come. true by default.")));

    private static JsonObject Identifier() =>
        new() { ["pattern"] = "^[A-Za-z][A-Za-z0-9_-]*$", ["description"] = "A name begins with a letter; letters, digits, - and _ follow." };

    private static JsonObject Free(string description) => new() { ["type"] = "object", ["description"] = description };

    private static JsonObject True(string description) =>
        new() { ["title"] = "value", ["type"] = "boolean", ["enum"] = new JsonArray(true), ["description"] = description };
}
