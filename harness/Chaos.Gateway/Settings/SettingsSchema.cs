using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Chaos.Gateway.Settings;

/// <summary>Makes the JSON Schema of the settings from their types, descriptions, ranges and defaults, so that the two cannot differ.</summary>
internal static class SettingsSchema
{
    public static JsonObject Create()
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };
        var schema = SettingsFile.Options.GetJsonSchemaAsNode(typeof(GatewaySettings), options).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Settings of the reference gateway");
        return schema;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema) return node;
        // Free-form JSON (a schema of payloads) is any object.
        if (context.TypeInfo.Type == typeof(JsonObject)) schema["type"] = "object";
        if (context.PropertyInfo is not { } property) return schema;

        var attributes = property.AttributeProvider;
        if (Attribute<DescriptionAttribute>(attributes) is { } description) schema.Insert(0, "description", description.Description);
        if (Attribute<RangeAttribute>(attributes) is { } range)
        {
            schema["minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
            schema["maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
        }
        if (Activator.CreateInstance(property.DeclaringType) is { } defaults && property.Get?.Invoke(defaults) is { } value)
            schema["default"] = JsonSerializer.SerializeToNode(value, SettingsFile.Options);
        return schema;
    }

    private static T? Attribute<T>(ICustomAttributeProvider? provider) where T : Attribute =>
        provider?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
