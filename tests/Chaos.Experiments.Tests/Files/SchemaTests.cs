using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Files;
using Json.Schema;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

public sealed class SchemaTests
{
    private static readonly JsonObject Experiment = SchemaWriter.Build(TestCatalogue.Instance);

    private static IEnumerable<JsonObject> All => SchemaWriter.Files(TestCatalogue.Instance).Values.Select(text => (JsonObject)JsonNode.Parse(text)!);

    [Fact]
    public void The_schemas_are_JSON_Schema_2020_12()
    {
        foreach (var schema in All)
        {
            var result = MetaSchemas.Draft202012.Evaluate(JsonSerializer.SerializeToElement(schema), new EvaluationOptions { OutputFormat = OutputFormat.List });
            Assert.True(result.IsValid, JsonSerializer.Serialize(result));
        }
    }

    [Fact]
    public void Every_key_is_described_for_editors()
    {
        var bare = new List<string>();
        foreach (var schema in All) Undescribed(schema, "#", bare);
        Assert.Empty(bare);
    }

    [Fact]
    public void Ranges_and_defaults_of_other_parts_are_told_in_words()
    {
        Assert.Equal("Milliseconds. 0 or more; 0 by default.", Experiment["$defs"]!["fault.latency"]!["properties"]!["jitter"]!["description"]!.GetValue<string>());
        Assert.Equal("Delay in milliseconds, 0 to 600,000.", Experiment["$defs"]!["fault.latency"]!["properties"]!["latency"]!["description"]!.GetValue<string>());
    }

    [Fact]
    public void References_inside_an_embedded_schema_still_lead_somewhere() =>
        Assert.Equal("#/$defs/gateway/$defs/limits", Experiment["$defs"]!["gateway"]!["properties"]!["limits"]!["$ref"]!.GetValue<string>());

    [Theory]
    [InlineData("alerts.schema.json")]
    [InlineData("budgets.schema.json")]
    [InlineData("on-call.schema.json")]
    [InlineData("world.schema.json")]
    public void The_published_schema_is_up_to_date(string name)
    {
        var published = File.ReadAllText(Path.Combine(Repository.Root(), "experiments", "schema", name));
        Assert.Equal(SchemaWriter.Files(TestCatalogue.Instance)[name], published.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_published_world_loads()
    {
        var (world, errors) = ExperimentFiles.LoadWorld(Path.Combine(Repository.Root(), "experiments", "worlds", "one-region.yaml"));
        Assert.Empty(errors);
        Assert.Equal(["eu.clients", "eu.redis"], world!.Links.Select(l => l.Name));
    }

    [Fact]
    public void Writing_makes_the_folder_and_every_file()
    {
        using var folder = new TestFolder();
        var paths = SchemaWriter.Write(TestCatalogue.Instance, Path.Combine(folder.Path, "a", "schema"));
        Assert.Equal(["alerts.schema.json", "budgets.schema.json", "experiment.schema.json", "on-call.schema.json", "runbook.schema.json", "world.schema.json"], paths.Select(p => Path.GetFileName(p)));
        Assert.True(JsonNode.DeepEquals(Experiment, JsonNode.Parse(File.ReadAllText(paths[2]))));
    }

    private static void Undescribed(JsonNode? node, string path, List<string> bare)
    {
        if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++) Undescribed(items[i], $"{path}/{i}", bare);
            return;
        }

        if (node is not JsonObject schema) return;
        foreach (var (key, value) in schema)
        {
            if (key is "default" or "examples" or "if") continue;
            Undescribed(value, $"{path}/{key}", bare);
            if (key != "properties" || value is not JsonObject properties) continue;
            bare.AddRange(properties.Where(p => p.Value is JsonObject o && o["description"] is null && o["$ref"] is null).Select(p => $"{path}/{p.Key}"));
        }
    }
}
