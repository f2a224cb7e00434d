using System.Runtime.InteropServices;
using System.Text.Json;

namespace Chaos.Gateway.Protocol;

/// <summary>Turns one line of a frame into a command. Never throws on what a client sent.</summary>
internal static class CommandParser
{
    /// <summary>Longest idempotency key, in characters.</summary>
    public const int MaxMidLength = 128;

    // The envelope around published data is three levels deep; what is allowed inside is a setting and an error of its own.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    /// <returns>Null when the line is not a message of the protocol at all: the connection is closed with 3501.</returns>
    public static Command? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            return Parse(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Command? Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        uint id = 0;
        string? method = null;
        JsonElement body = default;
        var members = 0;
        foreach (var member in root.EnumerateObject())
        {
            members++;
            if (member.NameEquals("id"u8))
            {
                if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetUInt32(out id)) return null;
            }
            else if (method is null)
            {
                method = member.Name;
                body = member.Value;
            }
        }
        if (members == 0) return new PongCommand();
        if (method is null || id == 0) return null;
        try
        {
            return Build(id, method, new Fields(body));
        }
        catch (FormatException e)
        {
            return new RefusedCommand(id, method, ProtocolError.BadRequest.Because(e.Message));
        }
    }

    private static Command Build(uint id, string method, Fields body) => method switch
    {
        "connect" => new ConnectCommand(id, body.Text("token"), body.Text("name"), body.Object("data").TextOrNull("resume")),
        "subscribe" => new SubscribeCommand(id, body.Channel(), body.Text("token"), body.Flag("recover"), body.Text("epoch") ?? "", body.Number("offset"), body.Object("data").NumbersOrNull("seen")),
        "unsubscribe" => new UnsubscribeCommand(id, body.Channel()),
        "publish" => Publish(id, body),
        "history" => History(id, body),
        "refresh" => new RefreshCommand(id, body.Text("token")),
        "sub_refresh" => new SubRefreshCommand(id, body.Channel(), body.Text("token")),
        "ping" => new PingCommand(id),
        "presence" or "presence_stats" => new RefusedCommand(id, method, ProtocolError.NotAvailable),
        _ => new RefusedCommand(id, "unknown", ProtocolError.MethodNotFound),
    };

    private static PublishCommand Publish(uint id, Fields body)
    {
        var channel = body.Channel();
        if (!body.Element.TryGetProperty("data"u8, out var data)) throw new FormatException("data is missing");
        string? mid = null;
        if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("mid"u8, out var key))
        {
            mid = key.ValueKind == JsonValueKind.String ? key.GetString() : throw new FormatException("data.mid is not a string");
            if (mid!.Length is 0 or > MaxMidLength) throw new FormatException($"data.mid must have 1 to {MaxMidLength} characters");
        }
        var raw = JsonMarshal.GetRawUtf8Value(data).ToArray();
        return new PublishCommand(id, channel, raw, mid, JsonDepth.Of(raw));
    }

    private static HistoryCommand History(uint id, Fields body)
    {
        var since = body.Object("since");
        return new HistoryCommand(id, body.Channel(), (int)Math.Clamp(body.Signed("limit"), -1, int.MaxValue), since.Exists, since.Text("epoch") ?? "",
            since.Number("offset"), body.Flag("reverse"));
    }
}
