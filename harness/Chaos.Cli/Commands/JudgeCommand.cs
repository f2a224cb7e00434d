using System.CommandLine;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.IO;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos judge</c>: the verdict of an old journal, without running anything.</summary>
internal static class JudgeCommand
{
    public static Argument<FileInfo> JournalArgument() => new("JOURNAL") { Description = "A journal.jsonl of an earlier run." };

    public static Command Create()
    {
        var journal = JournalArgument();
        var command = new Command("judge", "Judges a journal again and exits as the run would have. Runs nothing.") { journal };
        command.SetAction(parsed =>
        {
            var verdict = Judge.Run(Read(parsed.GetValue(journal)!), mustHaveEnded: true);
            VerdictTable.Print(verdict, null);
            return ExitCodes.Of(verdict.Outcome);
        });
        return command;
    }

    public static JournalContent Read(FileInfo file)
    {
        if (!file.Exists) throw new UsageException($"there is no file {file.FullName}.");
        try
        {
            return JournalReader.Read(file.FullName);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
