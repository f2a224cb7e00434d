using System.Text.Json;

namespace Chaos.Gateway.Protocol;

/// <summary>How deep a JSON text nests: 0 for a plain value, 1 for a flat object.</summary>
internal static class JsonDepth
{
    public static int Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        var deepest = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) deepest = Math.Max(deepest, reader.CurrentDepth + 1);
        }
        return deepest;
    }
}
