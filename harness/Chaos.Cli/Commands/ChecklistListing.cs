using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Definitions;
using Spectre.Console;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos list --checklist</c>: a checklist, line by line, with what shows that each line holds.</summary>
internal static class ChecklistListing
{
    /// <summary>One line with its experiments, and the mutants that these must catch.</summary>
    /// <param name="Experiments">Their ids.</param>
    /// <param name="Files">Their files, in the same order.</param>
    internal sealed record Row(string Section, string Line, IReadOnlyList<string> Experiments, IReadOnlyList<string> Files, IReadOnlyList<string> Mutants);

    /// <summary>The lines of the checklists in these folders, in their order.</summary>
    /// <exception cref="UsageException">None of them has one.</exception>
    public static IReadOnlyList<Row> Rows(IEnumerable<string> folders, IReadOnlyList<ExperimentDefinition> experiments)
    {
        string[] all = [.. folders];
        List<ChecklistLine> lines = [.. all.SelectMany(folder => ChecklistFile.Read(folder) ?? [])];
        if (lines.Count == 0) throw new UsageException($"--checklist: there is no {ChecklistFile.Name} with list items in {string.Join(", ", all)}. Write one, or leave out the path.");
        return [.. lines.Select(line => Of(line, [.. experiments.Where(e => e.Checklist.Contains(line.Line))]))];
    }

    /// <summary>Experiments with a line that the checklist does not have.</summary>
    public static IReadOnlyList<(string Id, string Line)> Strays(IReadOnlyList<Row> rows, IReadOnlyList<ExperimentDefinition> experiments) =>
        [.. experiments.SelectMany(e => e.Checklist.Where(line => rows.All(row => row.Line != line)).Select(line => (e.Id, line)))];

    /// <summary>Prints them; experiments of other folders than the checklist's with the folder that runs them.</summary>
    public static void Print(IReadOnlyList<Row> rows, IReadOnlyList<(string Id, string Line)> strays, IReadOnlyCollection<string> folders)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("checklist line", "experiments", "mutants they must catch");
        foreach (var section in rows.GroupBy(row => row.Section))
        {
            table.AddRow(new Text(section.Key, new Style(decoration: Decoration.Bold)), new Text(""), new Text(""));
            foreach (var row in section)
                table.AddRow(new Text("  " + row.Line), new Text(row.Experiments.Count == 0 ? "none yet" : string.Join(", ", row.Experiments.Zip(row.Files, (id, file) => Shown(id, file, folders)))), new Text(string.Join(", ", row.Mutants)));
        }

        Screen.Write(table);
        Console.Out.WriteLine($"{rows.Count(row => row.Experiments.Count > 0)} of {rows.Count} lines have an experiment.");
        foreach (var (id, line) in strays) Console.Out.WriteLine($"{id} is for a line that the checklist does not have: {line}");
    }

    private static string Shown(string id, string file, IReadOnlyCollection<string> folders)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return folders.Any(f => Path.GetFullPath(f) == folder) ? id : $"{id} ({Path.GetRelativePath(Environment.CurrentDirectory, folder)})";
    }

    private static Row Of(ChecklistLine line, IReadOnlyList<ExperimentDefinition> experiments) =>
        new(line.Section, line.Line, [.. experiments.Select(e => e.Id)], [.. experiments.Select(e => e.File)], [.. experiments.SelectMany(e => e.Mutants).Select(m => m.Name).Distinct()]);
}
