using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Chaos.Journal;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

/// <summary>The page that documents the journal says what the code writes: every kind, every member, and nothing else.</summary>
public sealed class JournalDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root(), "experiments", "schema", "journal.md"));

    public static TheoryData<string, string> Kinds => new(typeof(JournalEvent).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .Select(a => ((string)a.TypeDiscriminator!, a.DerivedType.AssemblyQualifiedName!)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_is_documented_with_its_members_and_no_others(string kind, string typeName)
    {
        var section = Regex.Match(Page, $@"^### `{Regex.Escape(kind)}`\n(?<text>.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(section.Success, $"journal.md has no section for {kind}.");
        var documented = Regex.Matches(section.Groups["text"].Value, @"^\| `(?<name>\w+)` \| [^|]+ \| [^|\n]{4,} \|$", RegexOptions.Multiline).Select(m => m.Groups["name"].Value);
        var written = Type.GetType(typeName, throwOnError: true)!.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(p => p.Name != "EqualityContract").Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        Assert.Equal(written.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_kind_is_documented_that_is_not_written()
    {
        var documented = Regex.Matches(Page, "^### `(?<kind>[^`]+)`$", RegexOptions.Multiline).Select(m => m.Groups["kind"].Value).Order(StringComparer.Ordinal);
        Assert.Equal(Kinds.Select(k => k.Data.Item1).Order(StringComparer.Ordinal), documented);
    }

    [Fact]
    public void The_members_of_every_line_and_the_version_are_documented()
    {
        foreach (var member in new[] { "kind", "at", "x" }) Assert.Contains($"| `{member}` |", Page, StringComparison.Ordinal);
        Assert.Contains($"this page describes version {JournalFormat.Version}.", Page, StringComparison.Ordinal);
    }
}

/// <summary>Finds files of the source tree.</summary>
internal static class Repository
{
    /// <summary>The folder with Chaos.sln.</summary>
    public static string Root([CallerFilePath] string from = "")
    {
        var folder = Path.GetDirectoryName(from)!;
        while (!File.Exists(Path.Combine(folder, "Chaos.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No Chaos.sln above {from}.");
        return folder;
    }
}
