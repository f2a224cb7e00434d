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
    internal sealed record Row(string Section, string Line, IReadOnlyList<string> Experiments, IReadOnlyList<string> Mutants);

    /// <summary>The lines of the checklists in these folders, in their order.</summary>
    /// <exception cref="UsageException">None of them has one.</exception>
    public static IReadOnlyList<Row> Rows(IEnumerable<string> folders, IReadOnlyList<ExperimentDefinition> experiments)
    {
        string[] all = [.. folders];
        List<ChecklistLine> lines = [.. all.SelectMany(folder => ChecklistFile.Read(folder) ?? [])];
        if (lines.Count == 0) throw new UsageException($"--checklist: there is no {ChecklistFile.Name} with list items in {string.Join(", ", all)}. Write one, or leave out the path.");
        return [.. lines.Select(line => Of(line, [.. experiments.Where(e => e.Checklist == line.Line)]))];
    }

    /// <summary>Experiments for something that no line says.</summary>
    public static IReadOnlyList<ExperimentDefinition> Others(IReadOnlyList<Row> rows, IReadOnlyList<ExperimentDefinition> experiments) =>
        [.. experiments.Where(e => rows.All(row => row.Line != e.Checklist))];

    /// <summary>Prints them.</summary>
    public static void Print(IReadOnlyList<Row> rows, IReadOnlyList<ExperimentDefinition> others)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("checklist line", "experiments", "mutants they must catch");
        foreach (var section in rows.GroupBy(row => row.Section))
        {
            table.AddRow(new Text(section.Key, new Style(decoration: Decoration.Bold)), new Text(""), new Text(""));
            foreach (var row in section)
                table.AddRow(new Text("  " + row.Line), new Text(row.Experiments.Count == 0 ? "none yet" : string.Join(", ", row.Experiments)), new Text(string.Join(", ", row.Mutants)));
        }

        Screen.Write(table);
        Console.Out.WriteLine($"{rows.Count(row => row.Experiments.Count > 0)} of {rows.Count} lines have an experiment.");
        foreach (var other in others) Console.Out.WriteLine($"{other.Id} is for a line that the checklist does not have: {other.Checklist}");
    }

    private static Row Of(ChecklistLine line, IReadOnlyList<ExperimentDefinition> experiments) =>
        new(line.Section, line.Line, [.. experiments.Select(e => e.Id)], [.. experiments.SelectMany(e => e.Mutants).Select(m => m.Name).Distinct()]);
}
