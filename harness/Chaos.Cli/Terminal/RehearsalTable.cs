using System.Globalization;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Rehearsals;
using Chaos.Reports.Text;
using Spectre.Console;

namespace Chaos.Cli.Terminal;

/// <summary>What rehearsals came to, at the end.</summary>
internal static class RehearsalTable
{
    public static void Print(IReadOnlyList<RehearsalResult> results, RehearsalVerdict verdict, string report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("seed", "runbook", "cause", "named", "detected", "diagnosed", "mitigated", "stable", "ended");
        foreach (var r in results)
        {
            table.AddRow(new Text(r.Seed.ToString(CultureInfo.InvariantCulture)), new Text(Mode(r.Started.Mode)), new Text(r.Started.Cause), new Text(r.FirstDiagnosis ?? "–"),
                Time(r, RehearsalMoments.Detected), Time(r, RehearsalMoments.Diagnosed), Time(r, RehearsalMoments.Mitigated), Time(r, RehearsalMoments.Stable), new Text(r.Reason));
        }

        Screen.Write(table);
        Screen.Write(new Text($"{ExitCodes.NameOf(verdict.Outcome)}: {verdict.Sentences[0]}\n", new Style(verdict.Outcome == Outcome.Passed ? Color.Green : Color.Red, decoration: Decoration.Bold)));
        foreach (var sentence in verdict.Sentences.Skip(1)) Screen.Write(new Text(sentence + "\n"));
        Screen.Write(new Text($"Report: {report}\n"));
    }

    private static string Mode(string mode) => mode switch { RehearsalModes.Auto => "with", RehearsalModes.Nobody => "without", _ => "a person" };

    private static Text Time(RehearsalResult result, string moment) => new(result.Seconds(moment) is { } s ? Words.Seconds(s) : "–");
}
