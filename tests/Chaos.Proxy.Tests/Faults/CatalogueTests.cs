using System.Text.Json.Nodes;
using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Tests.Faults;

/// <summary>The catalogue is what the documentation says it is.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> Types() => [.. FaultCatalogue.Types.Select(type => type.Type)];

    private static string[] Table()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Chaos.sln"))) folder = folder.Parent!;
        return [.. File.ReadLines(Path.Combine(folder.FullName, "proxy", "README.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_fault_has_a_row_in_the_readme_that_names_its_attributes(string type)
    {
        var row = Assert.Single(Table(), line => line.Split('|')[1].Contains($"`{type}`", StringComparison.Ordinal));
        var attributes = FaultCatalogue.Types.Single(fault => fault.Type == type).AttributesSchema["properties"]!.AsObject().Select(entry => entry.Key);
        // What faults of one family share is explained once, below the table.
        string[] shared = ["deflate", "corrupt_stream"];
        var like = type == "ws_delay" ? FaultCatalogue.Types.Single(fault => fault.Type == "latency").AttributesSchema["properties"]!.AsObject().Select(entry => entry.Key) : [];
        Assert.All(attributes.Except(shared).Except(like), attribute => Assert.Contains($"`{attribute}`", row, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_attribute_has_a_description_and_numbers_have_a_range(string type)
    {
        var fault = FaultCatalogue.Types.Single(known => known.Type == type);
        Assert.False(string.IsNullOrWhiteSpace(fault.Summary));
        foreach (var (name, schema) in fault.AttributesSchema["properties"]!.AsObject())
        {
            Assert.False(string.IsNullOrWhiteSpace(schema!["description"]?.GetValue<string>()), name);
            if (schema["type"]!.GetValue<string>() is "number" or "integer") Assert.True(schema is JsonObject { } range && range.ContainsKey("minimum") && range.ContainsKey("maximum"), name);
        }
    }
}
