using System.CommandLine;

namespace Chaos.Cli.Commands;

/// <summary>Options of the commands that run experiments.</summary>
internal sealed class RunOptions
{
    public Option<long?> Seed { get; } = new("--seed") { Description = "Seed of every random decision; drawn, and printed, when not given.", HelpName = "N" };

    public Option<DirectoryInfo?> Out { get; } = new("--out") { Description = "Folder for journal and reports. Default: reports/out/<run>.", HelpName = "DIR" };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the summary as JSON, and nothing else, on standard output." };

    public void AddTo(Command command)
    {
        command.Options.Add(Seed);
        command.Options.Add(Out);
        command.Options.Add(Json);
    }
}
