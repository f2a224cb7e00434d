using System.CommandLine;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Sensitivity;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Sensitivity;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos sensitivity</c>: how small a defect the checks of a run would have caught.</summary>
internal static class SensitivityCommand
{
    private const int MostRepetitions = 1_000_000;

    public static Command Create()
    {
        var journal = JudgeCommand.JournalArgument();
        var folder = new Option<DirectoryInfo?>("--out") { Description = "Folder for sensitivity.html, .json and .csv. Default: beside the journal.", HelpName = "DIR" };
        var check = new Option<string[]>("--check") { Description = $"Only this check: {string.Join(", ", SensitivityStudy.Checks)}. May be repeated.", HelpName = "NAME" };
        var repetitions = new Option<int>("--repetitions") { Description = "Simulated runs for each size of each defect.", HelpName = "N", DefaultValueFactory = _ => 1000 };
        var seed = new Option<long>("--seed") { Description = "Seed of the simulated runs.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var command = new Command("sensitivity",
            """
            Says how small a defect the checks of a finished run would have caught: their own rules, at the very samples that the run gave them,
            before simulated systems that are broken a little, then more. Passed experiments tell what held; this tells what they could have seen.
            Runs no experiment. A healthy run gives the most to tell; experiments with mutants are left out.

            Try:  chaos run --only backoff-storm --out DIR
                  chaos sensitivity DIR/journal.jsonl
            """) { journal, folder, check, repetitions, seed };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(journal)!;
            var checks = parsed.GetValue(check) ?? [];
            foreach (var name in checks.Where(c => !SensitivityStudy.Checks.Contains(c)))
                throw new UsageException($"--check {name}: it may be {string.Join(", ", SensitivityStudy.Checks)}.");
            var count = parsed.GetValue(repetitions);
            if (count is < 1 or > MostRepetitions) throw new UsageException($"--repetitions {count}: it may be 1 to {MostRepetitions:N0}.");
            var curves = SensitivityStudy.Of(JudgeCommand.Read(file), parsed.GetValue(seed), count, checks);
            if (curves.Curves.Count == 0)
                throw new UsageException($"{file.Name} holds no expectation with data for {(checks.Length > 0 ? string.Join(", ", checks) : string.Join(", ", SensitivityStudy.Checks))}.");
            var target = parsed.GetValue(folder)?.FullName ?? file.DirectoryName!;
            SensitivityReport.WriteAll(curves, target);
            SensitivityTable.Print(curves, target);
            return ExitCodes.Of(Outcome.Passed);
        });
        return command;
    }
}
