using Chaos.Experiments.Engine.Runs;

namespace Chaos.Cli.Terminal;

/// <summary>Shows a run as it goes: redrawn in place in a terminal, line by line in a pipe.</summary>
internal abstract class Progress : IRunObserver, IDisposable
{
    /// <summary>The right view for where the output goes. With <paramref name="toStandardError"/> it leaves standard output alone.</summary>
    public static Progress For(bool toStandardError) =>
        toStandardError || Console.IsOutputRedirected ? new PlainProgress(toStandardError ? Console.Error : Console.Out) : new LiveProgress();

    public abstract void Begin(RunIdentity run, int experiments);

    public abstract void Starting(Chaos.Experiments.Definitions.ExperimentDefinition experiment, string? mutant, int number, int total, TimeSpan expected);

    public abstract void Phase(Chaos.Experiments.Definitions.ExperimentDefinition experiment, string phase);

    public abstract void Fault(Chaos.Experiments.Definitions.ExperimentDefinition experiment, string description, bool on);

    public abstract void Tick(Chaos.Experiments.Definitions.ExperimentDefinition experiment, Chaos.Load.Fleets.FleetSnapshot figures,
        IReadOnlyCollection<string> activeFaults, TimeSpan elapsed);

    public abstract void Ended(Chaos.Experiments.Definitions.ExperimentDefinition experiment, Chaos.Journal.Verdicts.ExperimentVerdict verdict);

    public abstract void Skipped(Chaos.Experiments.Definitions.ExperimentDefinition experiment, string reason);

    public abstract void Note(string text);

    public virtual void Dispose()
    {
    }
}
