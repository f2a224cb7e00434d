using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;

namespace Chaos.Cli.Terminal;

/// <summary>Shows a run as it goes: redrawn in place in a terminal, line by line in a pipe.</summary>
internal abstract class Progress : IRunObserver, IDisposable
{
    /// <summary>The right view for where the output goes. With <paramref name="toStandardError"/> it leaves standard output alone.</summary>
    public static Progress For(bool toStandardError) =>
        toStandardError || Console.IsOutputRedirected ? new PlainProgress(toStandardError ? Console.Error : Console.Out) : new LiveProgress();

    public abstract void Begin(RunIdentity run, int experiments);

    public abstract void Starting(PlannedRun run, int number, int total, TimeSpan expected);

    public abstract void Phase(PlannedRun run, string phase);

    public abstract void Fault(PlannedRun run, string description, bool on);

    public abstract void Tick(PlannedRun run, Chaos.Load.Fleets.FleetSnapshot figures,
        IReadOnlyCollection<string> activeFaults, TimeSpan elapsed);

    public abstract void Ended(PlannedRun run, Chaos.Journal.Verdicts.ExperimentVerdict verdict);

    public abstract void Skipped(PlannedRun run, string reason);

    public abstract void Note(string text);

    public virtual void Dispose()
    {
    }

    /// <summary>Whether others may run beside it.</summary>
    protected static bool HasCompany(PlannedRun run) => run.Experiment.Machine != MachineUse.Alone;

    /// <summary>Lines of experiments that run side by side must say whose they are.</summary>
    protected static string Of(PlannedRun run) => HasCompany(run) ? $"{run.Id}: " : "";
}
