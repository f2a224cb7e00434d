using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Experiments.Files;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos validate</c>: checks experiment files and starts nothing.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var arguments = new ExperimentArguments();
        var schema = new Option<DirectoryInfo?>("--write-schema") { Description = "Write the JSON schemas that editors complete from into this folder.", HelpName = "DIR" };
        var command = new Command("validate", "Checks experiment files. Prints every error with file, line and column; starts nothing.");
        arguments.AddTo(command);
        command.Options.Add(schema);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(schema) is { } folder)
            {
                foreach (var file in SchemaWriter.Write(Catalogues.All(), folder.FullName)) Console.Out.WriteLine(file);
                return ExitCodes.Of(Outcome.Passed);
            }

            if (arguments.Load(parsed) is not { } experiments) return ExitCodes.Usage;
            Console.Out.WriteLine($"{experiments.Count} {(experiments.Count == 1 ? "experiment" : "experiments")}, no errors.");
            return ExitCodes.Of(Outcome.Passed);
        });
        return command;
    }
}
