using System.Text.Json;

namespace Chaos.Gateway.Protocol;

/// <summary>Reads members of a command's body. A member of the wrong type is a <see cref="FormatException"/> that names it; an absent one its zero.</summary>
internal readonly struct Fields
{
    public Fields(JsonElement element)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
            throw new FormatException("the body is not an object");
        Element = element;
    }

    public JsonElement Element { get; }

    public bool Exists => Element.ValueKind == JsonValueKind.Object;

    public string Channel() => Text("channel") is { Length: > 0 } channel ? channel : throw new FormatException("channel is missing");

    public string? Text(string name) => Member(name) switch
    {
        { ValueKind: JsonValueKind.String } e => e.GetString(),
        null => null,
        _ => throw new FormatException($"{name} is not a string"),
    };

    /// <summary>For application data: a member of another type is as good as none.</summary>
    public string? TextOrNull(string name) => Member(name) is { ValueKind: JsonValueKind.String } e ? e.GetString() : null;

    /// <summary>For application data: an object of whole numbers; what is none in it is left out.</summary>
    public IReadOnlyDictionary<string, long>? NumbersOrNull(string name)
    {
        if (Member(name) is not { ValueKind: JsonValueKind.Object } members) return null;
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var member in members.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var n)) numbers[member.Name] = n;
        }

        return numbers;
    }

    public bool Flag(string name) => Member(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        null or { ValueKind: JsonValueKind.False } => false,
        _ => throw new FormatException($"{name} is not a boolean"),
    };

    public long Number(string name) => Signed(name) is >= 0 and var n ? n : throw new FormatException($"{name} is negative");

    public long Signed(string name) => Member(name) switch
    {
        null => 0,
        { ValueKind: JsonValueKind.Number } e when e.TryGetInt64(out var n) => n,
        _ => throw new FormatException($"{name} is not a whole number"),
    };

    public Fields Object(string name) => Member(name) is { ValueKind: JsonValueKind.Object } e ? new Fields(e) : default;

    private JsonElement? Member(string name) =>
        Exists && Element.TryGetProperty(name, out var e) && e.ValueKind != JsonValueKind.Null ? e : null;
}
