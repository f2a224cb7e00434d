using System.Text.Json.Nodes;
using Chaos.Experiments.Files.Reading;

namespace Chaos.Experiments.Files.Rules;

/// <summary>
/// A value of a document that may not be as the schema wants it: what is missing or of another type reads as null, so that the
/// rules can go on where the schema has found errors.
/// </summary>
internal readonly record struct Cursor(JsonNode? Node, string Pointer)
{
    /// <summary>A member.</summary>
    public Cursor this[string key] => new(Node is JsonObject members ? members[key] : null, Pointers.Join(Pointer, key));

    /// <summary>Whether there is a value.</summary>
    public bool Exists => Node is not null;

    /// <summary>The entries of a list; none when it is no list.</summary>
    public IEnumerable<Cursor> Items
    {
        get
        {
            if (Node is not JsonArray items) yield break;
            for (var i = 0; i < items.Count; i++) yield return new Cursor(items[i], Pointers.Join(Pointer, i));
        }
    }

    /// <summary>The members of a mapping.</summary>
    public IEnumerable<(string Key, Cursor Value)> Members
    {
        get
        {
            if (Node is not JsonObject members) yield break;
            foreach (var (key, value) in members) yield return (key, new Cursor(value, Pointers.Join(Pointer, key)));
        }
    }

    /// <summary>The value if it is text.</summary>
    public string? Text => Node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The value if it is a number.</summary>
    public double? Number => Node is not JsonValue value ? null
        : value.TryGetValue<double>(out var number) ? number
        : value.TryGetValue<long>(out var whole) ? whole : null;

    /// <summary>The value if it is a whole number.</summary>
    public int? Whole => Number is { } number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;

    /// <summary>The value if it is true or false.</summary>
    public bool? Truth => Node is JsonValue value && value.TryGetValue<bool>(out var truth) ? truth : null;

    /// <summary>The value if it is a duration.</summary>
    public TimeSpan? Duration => Durations.TryParse(Text, out var duration) ? duration : null;
}
