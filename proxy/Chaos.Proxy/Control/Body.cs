using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control;

/// <summary>
/// A JSON body, read as Go's decoder does: names in any case, null means not given, unknown names are ignored, and the
/// Content-Type is not looked at.
/// </summary>
internal sealed class Body
{
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly JsonObject _json;

    private Body(JsonObject json) => _json = json;

    /// <summary>Reads an object.</summary>
    /// <exception cref="ControlError">The body is not a JSON object.</exception>
    public static async Task<Body> ReadAsync(HttpRequest request) => Of(await ReadNodeAsync(request).ConfigureAwait(false));

    /// <summary>Reads an array of objects.</summary>
    /// <exception cref="ControlError">The body is not that.</exception>
    public static async Task<Body[]> ReadArrayAsync(HttpRequest request) => Array(await ReadNodeAsync(request).ConfigureAwait(false));

    /// <summary>Parses an array of objects.</summary>
    /// <exception cref="ControlError">The text is not that.</exception>
    public static Body[] ParseArray(ReadOnlySpan<byte> json) => Array(Parse(json));

    /// <summary>An array of objects inside this one; empty if it is not there.</summary>
    public Body[] Objects(string name) => Array(Value(name));

    private static Body[] Array(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => [.. array.Select(Of)],
        _ => throw ControlError.BadBody("json: cannot unmarshal the value into an array"),
    };

    public string? Text(string name) => Value(name) switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw ControlError.BadBody($"field {name} must be a string"),
    };

    public bool? Flag(string name) => Value(name) switch
    {
        null => null,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw ControlError.BadBody($"field {name} must be true or false"),
    };

    public double? Number(string name) => Value(name) switch
    {
        null => null,
        JsonValue value when value.TryGetValue<double>(out var number) => number,
        _ => throw ControlError.BadBody($"field {name} must be a number"),
    };

    public JsonObject? Object(string name) => Value(name) switch
    {
        null => null,
        JsonObject value => value,
        _ => throw ControlError.BadBody($"field {name} must be an object"),
    };

    private JsonNode? Value(string name)
    {
        // The last one wins, as in Go.
        JsonNode? found = null;
        foreach (var (key, value) in _json)
        {
            if (value is not null && key.Equals(name, StringComparison.OrdinalIgnoreCase)) found = value;
        }
        return found;
    }

    private static Body Of(JsonNode? node) => node switch
    {
        null => new Body([]),
        JsonObject json => new Body(json),
        _ => throw ControlError.BadBody("json: cannot unmarshal the value into an object"),
    };

    private static async Task<JsonNode?> ReadNodeAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        for (int bytes; (bytes = await request.Body.ReadAsync(chunk).ConfigureAwait(false)) > 0;)
        {
            buffer.Write(chunk, 0, bytes);
            if (buffer.Length > MaxBytes) throw ControlError.BadBody("the body is larger than 4 MiB");
        }
        if (buffer.Length == 0) throw ControlError.BadBody("EOF");
        return Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException e)
        {
            throw ControlError.BadBody(e.Message);
        }
        catch (ArgumentException e)
        {
            // Duplicate names are found when the object is first looked at.
            throw ControlError.BadBody(e.Message);
        }
    }
}
