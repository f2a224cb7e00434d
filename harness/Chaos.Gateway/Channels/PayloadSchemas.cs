using System.Text.Json;
using Chaos.Gateway.Settings;
using Json.Schema;

namespace Chaos.Gateway.Channels;

/// <summary>Checks published data against the schemas of its channel.</summary>
internal sealed class PayloadSchemas
{
    private readonly (ChannelPattern Pattern, JsonSchema Schema)[] _schemas;

    public PayloadSchemas(GatewaySettings settings)
    {
        // A registry of its own: several nodes in one process may hold schemas with one $id.
        _schemas = [.. settings.Schemas.Select(s => (new ChannelPattern(s.Pattern),
            JsonSchema.FromText(s.Schema.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() })))];
    }

    /// <summary>The first breach in words, or null when the data is as it must be.</summary>
    public string? Breach(string channel, byte[] data)
    {
        foreach (var (pattern, schema) in _schemas)
        {
            if (!pattern.Matches(channel, null)) continue;
            using var document = JsonDocument.Parse(data);
            var result = schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
            if (!result.IsValid) return Describe(result);
        }
        return null;
    }

    private static string Describe(EvaluationResults result)
    {
        var first = (result.Details ?? []).Prepend(result).FirstOrDefault(d => d.Errors is { Count: > 0 });
        return first is null ? "data does not match its schema" : $"data{first.InstanceLocation}: {first.Errors!.First().Value}";
    }
}
