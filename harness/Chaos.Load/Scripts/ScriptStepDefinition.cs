using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>A token that a script uses.</summary>
/// <param name="User">Subject.</param>
/// <param name="Tenant">Tenant claim.</param>
/// <param name="TtlSeconds">Lifetime; negative for one that has expired already.</param>
/// <param name="Channel">Set for a subscription token.</param>
/// <param name="Defect">null, "bad-signature", "wrong-audience", "wrong-issuer" or "alg-none".</param>
/// <param name="Jti">Id of the token, by which it alone can be revoked; null for none.</param>
public sealed record ScriptToken(string User, string Tenant, double TtlSeconds, string? Channel = null, string? Defect = null, string? Jti = null);

/// <summary>
/// One step of a script. Exactly one of its actions is set: Send, SendRaw, SendBytes, Expect, ExpectClose, ExpectSilence, PublishTo,
/// Open, Disconnect, PauseMs or Admin. In strings that are sent or expected, <c>$name</c> is replaced by a token and <c>${name}</c> by
/// what an earlier step captured.
/// </summary>
/// <param name="Send">Messages to send in one frame (several are joined by newlines).</param>
/// <param name="SendRaw">Text to send as it is.</param>
/// <param name="Expect">A message that must come: every member given must be equal, <c>{}</c> matches any object.
/// Messages before it that do not match are passed over.</param>
/// <param name="ExpectClose">Close code that must come.</param>
/// <param name="ExpectSilence">True: nothing but pings may come until <paramref name="WithinMs"/> has passed.</param>
/// <param name="WithinMs">Deadline of an expectation, in milliseconds. Replies have budgets elsewhere: a script asks what comes, and a machine may pause for a second or two.</param>
/// <param name="PublishTo">Publish markers through the gateway's admin API to this channel.</param>
public sealed record ScriptStepDefinition(IReadOnlyList<JsonNode>? Send, string? SendRaw, JsonObject? Expect, int? ExpectClose,
    bool ExpectSilence = false, double WithinMs = ScriptStepDefinition.DefaultWithinMs, string? PublishTo = null)
{
    /// <summary>How long a step waits when it says nothing, in milliseconds.</summary>
    public const double DefaultWithinMs = 5_000;

    /// <summary>The connection of the script that the step is about; null for the one called main. Connections open when they are first used.</summary>
    public string? On { get; init; }

    /// <summary>Bytes to send as one WebSocket message that need be neither text nor whole.</summary>
    public ScriptBytes? SendBytes { get; init; }

    /// <summary>Opens a connection now, and says what the handshake must be answered with.</summary>
    public ScriptHandshake? Open { get; init; }

    /// <summary>True: drops the connection without a close frame. It opens anew when it is next used.</summary>
    public bool Disconnect { get; init; }

    /// <summary>Waits, in milliseconds.</summary>
    public double? PauseMs { get; init; }

    /// <summary>A call of the gateway's admin API.</summary>
    public ScriptAdminCall? Admin { get; init; }

    /// <summary>With Expect and Admin: name of a value → where it stands in what came, members joined by dots.</summary>
    public IReadOnlyDictionary<string, string>? Capture { get; init; }

    /// <summary>With PublishTo and SendBytes: how many markers or messages, 1 to 10,000.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>What must come, as one object, or null when the step waits for no message.</summary>
    public JsonObject? Wanted() => Expect ?? Open?.Wanted() ?? Admin?.Wanted();
}

/// <summary>One WebSocket message of arbitrary bytes.</summary>
/// <param name="Parts">The bytes, part by part.</param>
/// <param name="Binary">Sent as a binary message; as text otherwise.</param>
/// <param name="Fragments">Number of WebSocket frames that the bytes are spread over, 1 to 1,000.</param>
/// <param name="EveryMs">Pause between them, in milliseconds.</param>
/// <param name="Finished">False: the last frame says that more is to come.</param>
public sealed record ScriptBytes(IReadOnlyList<ScriptBytesPart> Parts, bool Binary = false, int Fragments = 1, double EveryMs = 0, bool Finished = true);

/// <summary>A part of a message.</summary>
/// <param name="Text">Text, sent in UTF-8; null where <paramref name="Hex"/> is set.</param>
/// <param name="Hex">Bytes in hexadecimal.</param>
/// <param name="Repeat">How often the part stands there, 1 to 1,000,000.</param>
public sealed record ScriptBytesPart(string? Text, string? Hex, int Repeat = 1);

/// <summary>A WebSocket handshake.</summary>
/// <param name="Status">HTTP status that must answer it; 101 when it must succeed.</param>
/// <param name="Origin">Origin header, as a browser would send it.</param>
/// <param name="Reading">False: nothing is read from the connection until a step expects something of it, so that its buffers fill.</param>
/// <param name="Link">The link it goes through; null for the script's own.</param>
public sealed record ScriptHandshake(int Status = 101, string? Origin = null, bool Reading = true, string? Link = null)
{
    internal JsonObject Wanted() => new() { ["status"] = Status };
}

/// <summary>A call of the gateway's admin API.</summary>
/// <param name="Call">Method and path below <c>/admin/</c>, such as <c>POST revoke</c>.</param>
/// <param name="Body">Its body; null for none.</param>
/// <param name="Token">"admin", "wrong" or "none": the bearer token it is made with.</param>
/// <param name="Status">HTTP status that must answer it.</param>
/// <param name="Answer">What the answer must hold; null when that does not matter.</param>
public sealed record ScriptAdminCall(string Call, JsonObject? Body, string Token, int Status, JsonObject? Answer)
{
    internal JsonObject Wanted()
    {
        var wanted = new JsonObject { ["status"] = Status };
        if (Answer is not null) wanted["answer"] = Answer.DeepClone();
        return wanted;
    }
}
