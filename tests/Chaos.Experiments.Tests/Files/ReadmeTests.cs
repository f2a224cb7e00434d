using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Chaos.Experiments.Engine.Nodes;
using Chaos.Experiments.Engine.Regions;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

/// <summary>The README names every fault on nodes and between regions, with its attributes, and no others.</summary>
public sealed class ReadmeTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root(), "README.md"));

    [Fact]
    public void The_table_of_faults_on_nodes_is_the_catalogue()
    {
        var table = Regex.Match(Page, @"^  \| fault \| attributes \| what happens to the node's process \|\n(?<rows>(  \|.*\n)+)", RegexOptions.Multiline).Groups["rows"].Value;
        var rows = Regex.Matches(table, @"^  \| `(?<fault>\w+)` \| (?<attributes>.*?)\|", RegexOptions.Multiline).ToDictionary(m => m.Groups["fault"].Value, m => m.Groups["attributes"].Value);
        var types = NodeFaultCatalogue.Types([]);
        Assert.Equal(types.Select(t => t.Type).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (var type in types)
        {
            foreach (var attribute in type.Attributes["properties"]!.AsObject()) Assert.Contains($"`{attribute.Key}", rows[type.Type], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_fault_between_regions_is_shown() =>
        Assert.All(RegionFaultCatalogue.Types, type => Assert.Contains($"fault: {type.Type},", Page, StringComparison.Ordinal));
}
