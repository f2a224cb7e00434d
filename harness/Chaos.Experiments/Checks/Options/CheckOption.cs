using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Checks.Options;

/// <summary>One option of a check: how it is described in the schema, and how it is read. Both come from here, so they cannot differ.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Description">What it does, with its unit.</param>
/// <param name="IsRequired">Whether the file must give it.</param>
internal abstract record CheckOption(string Name, string Description, bool IsRequired)
{
    /// <summary>Its part of the JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>JSON Schema of a set of options.</summary>
    public static JsonObject SchemaOf(IEnumerable<CheckOption> options)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var option in options)
        {
            var schema = option.Schema();
            schema["description"] = option.Description;
            properties[option.Name] = schema;
            if (option.IsRequired) required.Add(option.Name);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
    }
}

/// <summary>A number.</summary>
/// <param name="Budget">Key of the file of budgets that may set it, or null.</param>
internal sealed record NumberOption(string Name, string Description, double? Default, double Min = 0, double Max = 1e9, bool Whole = false, bool IsRequired = false, string? Budget = null)
    : CheckOption(Name, Description, IsRequired)
{
    /// <summary>The value given, or the default.</summary>
    /// <exception cref="InvalidOperationException">It is required and missing.</exception>
    public double Of(CheckContext context) => Of(context.Expectation);

    /// <summary>The same, of an expectation that is not being judged.</summary>
    public double Of(ExpectationDefinition expectation) => OrNull(expectation) ?? throw new InvalidOperationException($"The option {Name} is missing.");

    /// <summary>The same as a whole number.</summary>
    public int IntOf(CheckContext context) => (int)Of(context);

    /// <summary>The value given, or the default; null without either.</summary>
    public double? OrNull(CheckContext context) => OrNull(context.Expectation);

    /// <summary>The same, of an expectation that is not being judged.</summary>
    public double? OrNull(ExpectationDefinition expectation) =>
        expectation.Options[Name] is JsonValue value
            ? double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : Default;

    /// <inheritdoc />
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = Whole ? "integer" : "number", ["minimum"] = Min, ["maximum"] = Max };
        if (Default is { } value) schema["default"] = value;
        return schema;
    }
}

/// <summary>A word.</summary>
internal sealed record TextOption(string Name, string Description, string? Default = null, IReadOnlyList<string>? Choices = null, bool IsRequired = false)
    : CheckOption(Name, Description, IsRequired)
{
    /// <summary>The value given, or the default.</summary>
    /// <exception cref="InvalidOperationException">It is required and missing.</exception>
    public string Of(CheckContext context) => OrNull(context) ?? throw new InvalidOperationException($"The option {Name} is missing.");

    /// <summary>The value given, or the default; null without either.</summary>
    public string? OrNull(CheckContext context) => OrNull(context.Expectation);

    /// <summary>The same, of an expectation that is not being judged.</summary>
    public string? OrNull(ExpectationDefinition expectation) => expectation.Options[Name]?.GetValue<string>() ?? Default;

    /// <inheritdoc />
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (Choices is not null) schema["enum"] = new JsonArray([.. Choices.Select(c => JsonValue.Create(c))]);
        if (Default is not null) schema["default"] = Default;
        return schema;
    }
}
