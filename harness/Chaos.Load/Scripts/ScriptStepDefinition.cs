using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>A token that a script uses.</summary>
/// <param name="User">Subject.</param>
/// <param name="Tenant">Tenant claim.</param>
/// <param name="TtlSeconds">Lifetime; negative for one that has expired already.</param>
/// <param name="Channel">Set for a subscription token.</param>
/// <param name="Defect">null, "bad-signature", "wrong-audience", "wrong-issuer" or "alg-none".</param>
public sealed record ScriptToken(string User, string Tenant, double TtlSeconds, string? Channel = null, string? Defect = null);

/// <summary>One step of a script; exactly one of its members is set.</summary>
/// <param name="Send">Messages to send in one frame (several are joined by newlines); strings <c>$name</c> are replaced by tokens.</param>
/// <param name="SendRaw">Text to send as it is.</param>
/// <param name="Expect">A message that must come: every member given must be equal, <c>{}</c> matches any object.
/// Messages before it that do not match are passed over.</param>
/// <param name="ExpectClose">Close code that must come.</param>
/// <param name="ExpectSilence">True: nothing but pings may come until <paramref name="WithinMs"/> has passed.</param>
/// <param name="WithinMs">Deadline of an expectation, in milliseconds.</param>
/// <param name="PublishTo">Publish a marker through the gateway's admin API to this channel (to see that nothing is delivered).</param>
public sealed record ScriptStepDefinition(IReadOnlyList<JsonNode>? Send, string? SendRaw, JsonObject? Expect, int? ExpectClose,
    bool ExpectSilence = false, double WithinMs = 2000, string? PublishTo = null);
