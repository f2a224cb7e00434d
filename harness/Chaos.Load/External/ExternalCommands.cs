using System.Text;
using System.Text.Json.Nodes;

namespace Chaos.Load.External;

/// <summary>Lines that a child gets after its configuration; see <c>tests/clients/README.md</c>.</summary>
internal static class ExternalCommands
{
    public const string Start = """{"cmd":"start"}""";

    public const string Stop = """{"cmd":"stop"}""";

    public static string Token(long id, string token) => new JsonObject { ["cmd"] = "token", ["id"] = id, ["token"] = token }.ToJsonString();

    /// <param name="payload">A JSON object without newlines.</param>
    public static string Publish(string client, string channel, ReadOnlyMemory<byte> payload)
    {
        var head = new JsonObject { ["cmd"] = "publish", ["client"] = client, ["channel"] = channel }.ToJsonString();
        return $"{head[..^1]},\"data\":{Encoding.UTF8.GetString(payload.Span)}}}";
    }
}
