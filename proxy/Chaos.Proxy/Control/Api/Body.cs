using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Api;

/// <summary>
/// A JSON body, read as Go's decoder does: names in any case, null means not given, of a name given twice the last one
/// counts, what follows the value is not looked at, and neither is the Content-Type.
/// </summary>
internal sealed class Body
{
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxDepth = 64;

    private readonly JsonElement _json;

    private Body(JsonElement json) => _json = json;

    /// <summary>Names that were given, in their order.</summary>
    public IEnumerable<string> Names => _json.ValueKind == JsonValueKind.Object ? _json.EnumerateObject().Select(member => member.Name) : [];

    /// <summary>Reads an object.</summary>
    /// <exception cref="ControlError">The body is not a JSON object.</exception>
    public static async Task<Body> ReadAsync(HttpRequest request) => Of(await ReadElementAsync(request).ConfigureAwait(false));

    /// <summary>Reads an object, where the body may be empty.</summary>
    /// <exception cref="ControlError">The body is neither.</exception>
    public static async Task<Body> ReadOptionalAsync(HttpRequest request) => await ReadBytesAsync(request).ConfigureAwait(false) is { Length: > 0 } bytes ? Of(Parse(bytes)) : new Body(default);

    /// <summary>Reads an array of objects.</summary>
    /// <exception cref="ControlError">The body is not that.</exception>
    public static async Task<Body[]> ReadArrayAsync(HttpRequest request) => Array(await ReadElementAsync(request).ConfigureAwait(false));

    /// <summary>An object that was read already.</summary>
    /// <exception cref="ControlError">It is none.</exception>
    public static Body Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Object => new Body(element),
        _ => throw ControlError.BadBody($"json: cannot unmarshal {TypeOf(element)} into an object", $"an object is needed, not {TypeOf(element)}"),
    };

    /// <summary>An array of objects inside this one; empty if it is not there.</summary>
    public Body[] Objects(string name) => [.. Elements(name).Select(Of)];

    /// <summary>An array inside this object; empty if it is not there.</summary>
    public JsonElement[] Elements(string name) => Value(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray()],
        { } value => throw Mismatch(name, value, "array"),
    };

    public string? Text(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Mismatch(name, value, "string"),
    };

    public bool? Flag(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
        { } value => throw Mismatch(name, value, "bool"),
    };

    public double? Number(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value => value.GetDouble(),
        { } value => throw Mismatch(name, value, "number"),
    };

    public JsonObject? Object(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => (JsonObject)ToNode(value)!,
        { } value => throw Mismatch(name, value, "object"),
    };

    /// <summary>A value of any type; null if it is not there.</summary>
    public JsonNode? Node(string name) => Value(name) is { } value ? ToNode(value) : null;

    /// <summary>Refuses names that are not known.</summary>
    /// <exception cref="ControlError">There is one.</exception>
    public void NothingBut(IReadOnlyCollection<string> known)
    {
        var unknown = Names.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)).ToArray();
        if (unknown.Length > 0) throw ControlError.BadBody($"{string.Join(", ", unknown)}: unknown; known are: {string.Join(", ", known)}");
    }

    private JsonElement? Value(string name)
    {
        JsonElement? found = null;
        if (_json.ValueKind != JsonValueKind.Object) return found;
        foreach (var member in _json.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) found = member.Value;
        }
        return found;
    }

    private static Body[] Array(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. element.EnumerateArray().Select(Of)],
        _ => throw ControlError.BadBody($"json: cannot unmarshal {TypeOf(element)} into an array"),
    };

    private static ControlError Mismatch(string name, JsonElement value, string type) =>
        ControlError.BadBody($"json: cannot unmarshal {TypeOf(value)} into field {name} of type {type}", $"{name} must be of type {type}, not {TypeOf(value)}");

    private static string TypeOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    // Made by hand: a JsonObject of the library throws on the first look at it when a name is there twice.
    private static JsonNode? ToNode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var json = new JsonObject();
                foreach (var member in element.EnumerateObject())
                    json[member.Name] = ToNode(member.Value);
                return json;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(ToNode)]);
            default:
                return JsonValue.Create(element);
        }
    }

    private static async Task<JsonElement> ReadElementAsync(HttpRequest request) => Parse(await ReadBytesAsync(request).ConfigureAwait(false));

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        for (int bytes; (bytes = await request.Body.ReadAsync(chunk).ConfigureAwait(false)) > 0;)
        {
            buffer.Write(chunk, 0, bytes);
            if (buffer.Length > MaxBytes) throw ControlError.BadBody("the body is larger than 4 MiB");
        }
        return buffer.ToArray();
    }

    private static JsonElement Parse(byte[] bytes)
    {
        var json = bytes.AsSpan().TrimStart(" \t\r\n"u8);
        if (json.IsEmpty) throw ControlError.BadBody("EOF");
        if (!Utf8.IsValid(json)) throw ControlError.BadBody("it is not UTF-8");
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
            if (JsonElement.TryParseValue(ref reader, out var element))
            {
                if (json.IndexOf("\\u"u8) >= 0) CheckStrings(element.Value);
                return element.Value;
            }
        }
        catch (JsonException e)
        {
            throw ControlError.BadBody(e.Message);
        }
        catch (InvalidOperationException e)
        {
            throw ControlError.BadBody(e.Message);
        }
        // A number has no end but that of the text; nothing that is read here is one.
        throw ControlError.BadBody(json[0] is (byte)'{' or (byte)'[' or (byte)'"' ? "unexpected EOF" : "json: cannot unmarshal the value into an object");
    }

    // Half a surrogate pair can be written as an escape, and is found only when the string is looked at.
    private static void CheckStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    CheckStrings(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    CheckStrings(member.Value);
                }
                break;
        }
    }
}
