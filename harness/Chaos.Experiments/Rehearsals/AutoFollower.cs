using Chaos.Experiments.Definitions;
using static Chaos.Experiments.Rehearsals.RehearsalCommand;

namespace Chaos.Experiments.Rehearsals;

/// <summary>
/// Follows a runbook as it is written: from the alarm on, the probes in their order; the first that finds something names the cause, and its
/// step's action is carried out. What has not helped after the runbook's patience is undone, and it goes on from there. It knows nothing that
/// a person would not know.
/// </summary>
public sealed class AutoFollower(RunbookDefinition runbook)
{
    /// <summary>Time between the end of one round through all steps, and the next.</summary>
    public static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(1);

    private enum State
    {
        Waiting,
        Probing,
        Acting,
        Watching,
        Resting,
    }

    private State _state = State.Waiting;
    private int _step;
    private long _sinceUs;

    /// <summary>What it says after the rehearsal has handled something.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="rehearsal">The rehearsal.</param>
    public IReadOnlyList<RehearsalCommand> Hear(RehearsalInput input, Rehearsal rehearsal) => (_state, input) switch
    {
        (State.Waiting, RehearsalInput.Read) when rehearsal.Detected => Probe(0),
        (State.Probing, RehearsalInput.Answered answered) when answered.Step == _step => Answered(answered),
        (State.Acting, RehearsalInput.Acted { Undone: false } acted) when acted.Step == _step => acted.Ok ? Watch(acted.AtUs) : GoOn(acted.AtUs),
        (State.Watching, RehearsalInput.Read read) when Waited(read.AtUs, runbook.Patience) && read.Vitals.Broken(runbook.Stable).Count > 0 => GiveUp(),
        (State.Acting, RehearsalInput.Acted { Undone: true } acted) when acted.Step == _step => GoOn(acted.AtUs),
        (State.Resting, RehearsalInput.Read read) when Waited(read.AtUs, BetweenRounds) && read.Vitals.Broken(runbook.Stable).Count > 0 => Probe(0),
        _ => [],
    };

    private IReadOnlyList<RehearsalCommand> Probe(int from)
    {
        _step = Enumerable.Range(from, runbook.Steps.Count - from).First(i => runbook.Steps[i].Probe is not null);
        _state = State.Probing;
        return [new GoTo(_step), new RehearsalCommand.Probe()];
    }

    private IReadOnlyList<RehearsalCommand> Answered(RehearsalInput.Answered answered)
    {
        var step = runbook.Steps[_step];
        if (!answered.Answer.Found || step.Action is null) return GoOn(answered.AtUs);
        _state = State.Acting;
        return [new Diagnose(step.Probe!.Cause), new Act()];
    }

    private IReadOnlyList<RehearsalCommand> Watch(long atUs)
    {
        (_state, _sinceUs) = (State.Watching, atUs);
        return [];
    }

    private IReadOnlyList<RehearsalCommand> GiveUp()
    {
        _state = State.Acting;
        return [new Undo()];
    }

    private IReadOnlyList<RehearsalCommand> GoOn(long atUs)
    {
        if (runbook.Steps.Skip(_step + 1).Any(s => s.Probe is not null)) return Probe(_step + 1);
        (_state, _sinceUs) = (State.Resting, atUs);
        return [];
    }

    private bool Waited(long nowUs, TimeSpan time) => nowUs - _sinceUs >= (long)time.TotalMicroseconds;
}
