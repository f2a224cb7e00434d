using System.CommandLine;
using Chaos.Experiments.Engine.Runs;

namespace Chaos.Cli.Commands;

/// <summary>Options of the commands that run experiments.</summary>
internal sealed class RunOptions
{
    public Option<long?> Seed { get; } = new("--seed") { Description = "Seed of every random decision; drawn, and printed, when not given.", HelpName = "N" };

    public Option<DirectoryInfo?> Out { get; } = new("--out") { Description = "Folder for journal and reports. Default: reports/out/<run>.", HelpName = "DIR" };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the summary as JSON, and nothing else, on standard output." };

    public Option<int> Jobs { get; } = new("--jobs")
    {
        Description = "How many of the experiments that share the machine run at a time, 1 to 16.", HelpName = "N", DefaultValueFactory = _ => RunSession.Together,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Seed);
        command.Options.Add(Out);
        command.Options.Add(Json);
    }

    /// <summary>For commands that run more than one experiment.</summary>
    public void AddJobsTo(Command command)
    {
        command.Options.Add(Jobs);
        Jobs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 16) result.AddError("--jobs must be 1 to 16.");
        });
    }
}
