using System.Text.Json.Nodes;

namespace Chaos.Proxy.Faults;

internal enum AttributeKind
{
    Number,
    Integer,
    Boolean,
    Text,
}

/// <summary>One attribute of a fault: the single source of its JSON Schema and of its validation.</summary>
/// <param name="Name">Its name; matched in any case.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Description">What it means, with its unit.</param>
/// <param name="Default">Value where it is not given; null for none.</param>
/// <param name="Min">Smallest number allowed.</param>
/// <param name="Max">Largest number allowed.</param>
/// <param name="Choices">Texts allowed; null for any.</param>
/// <param name="Required">It must be given.</param>
/// <param name="MaxBytes">Longest text accepted, in UTF-8 bytes; by default what a close frame can carry.</param>
internal sealed record AttributeSpec(string Name, AttributeKind Kind, string Description, JsonNode? Default = null,
    double Min = 0, double Max = AttributeSpec.DayMs, string[]? Choices = null, bool Required = false, int MaxBytes = 123)
{
    /// <summary>A day in milliseconds: longer times are slips of the keyboard.</summary>
    public const double DayMs = 86_400_000;

    public JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = TypeName };
        schema["description"] = Description;
        if (Kind is AttributeKind.Number or AttributeKind.Integer)
        {
            schema["minimum"] = Number(Min);
            schema["maximum"] = Number(Max);
        }
        if (Choices is not null) schema["enum"] = new JsonArray([.. Choices.Select(choice => (JsonNode)choice)]);
        if (Default is not null) schema["default"] = Default.DeepClone();
        return schema;
    }

    public string TypeName => Kind switch
    {
        AttributeKind.Number => "number",
        AttributeKind.Integer => "integer",
        AttributeKind.Boolean => "boolean",
        _ => "string",
    };

    // Whole numbers are written without a fraction.
    public static JsonNode Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? (long)value : value;
}
