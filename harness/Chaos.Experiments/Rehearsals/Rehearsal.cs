using System.Globalization;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using static Chaos.Experiments.Rehearsals.RehearsalEffect;

namespace Chaos.Experiments.Rehearsals;

/// <summary>
/// A rehearsal as a state machine without I/O: it hears of the fault, of vital signs and of what is said and done, and says what to record, to
/// show and to do. Whoever speaks, a person or the harness, speaks the same commands.
/// </summary>
public sealed class Rehearsal(RunbookDefinition runbook, CauseDefinition cause)
{
    /// <summary>Readings in a row beyond a budget that are an alarm: one alone may be a busy moment.</summary>
    public const int AlarmAfter = 2;

    private readonly HashSet<int> _done = [];
    private Vitals? _vitals;
    private int _beyond;
    private long? _beganUs;
    private long? _passedUs;
    private long? _okSinceUs;
    private bool _diagnosed;
    private bool _mitigated;

    /// <summary>The step that it is at, from 0.</summary>
    public int Step { get; private set; }

    /// <summary>The alarm was raised.</summary>
    public bool Detected { get; private set; }

    /// <summary>It is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What follows from something that happened. Nothing does when it is over.</summary>
    public IReadOnlyList<RehearsalEffect> Handle(RehearsalInput input)
    {
        if (IsOver) return [];
        return input switch
        {
            RehearsalInput.Began => Begin(input.AtUs),
            RehearsalInput.PassedBy => Pass(input.AtUs),
            RehearsalInput.Read read => Read(read),
            RehearsalInput.Said said => Say(said),
            RehearsalInput.Seen seen => [Entry(seen.AtUs, "look", seen.Step, seen.Text), new Show(seen.Text)],
            RehearsalInput.Answered answered => Answer(answered),
            RehearsalInput.Acted acted => Act(acted),
            _ => throw new ArgumentOutOfRangeException(nameof(input), input, "Unknown input."),
        };
    }

    private IReadOnlyList<RehearsalEffect> Begin(long at)
    {
        _beganUs = at;
        return [Moment(at, RehearsalMoments.Began, "The cause begins to act.", at)];
    }

    private IReadOnlyList<RehearsalEffect> Pass(long at)
    {
        _passedUs = at;
        return [];
    }

    private List<RehearsalEffect> Read(RehearsalInput.Read read)
    {
        _vitals = read.Vitals;
        var broken = read.Vitals.Broken(runbook.Stable);
        var effects = new List<RehearsalEffect> { new Record(read.Vitals.Entry(read.AtUs, broken)) };
        _beyond = broken.Count > 0 ? _beyond + 1 : 0;
        _okSinceUs = broken.Count > 0 ? null : _okSinceUs ?? read.AtUs;
        if (_beganUs is not { } began) return effects;
        if (!Detected && _beyond >= AlarmAfter)
        {
            Detected = true;
            effects.Add(Moment(read.AtUs, RehearsalMoments.Detected, $"Alarm: {string.Join("; ", broken)}.", read.AtUs));
            effects.Add(new Show($"ALARM: {string.Join("; ", broken)}.", ShownAs.Alarm));
            effects.Add(new ShowStep(Step));
        }

        var stable = _okSinceUs is { } since && read.AtUs - since >= Us(runbook.Stable.For);
        if (Detected && stable) effects.AddRange(Stable(read.AtUs, _okSinceUs!.Value));
        else if (!Detected && _passedUs is { } passed && stable && read.AtUs - passed >= Us(runbook.Stable.For)) effects.AddRange(End(read.AtUs, "undetected", "The fault came and went, and no budget was broken."));
        else if (read.AtUs - began >= Us(runbook.GivesUpAfter)) effects.AddRange(End(read.AtUs, "expired", $"It was not stable again within {runbook.GivesUpAfter.TotalSeconds:0} s."));
        return effects;
    }

    private IEnumerable<RehearsalEffect> Stable(long at, long since)
    {
        var moment = Moment(at, RehearsalMoments.Stable, $"Stable: all budgets met for {runbook.Stable.For.TotalSeconds:0} s.", since);
        return [moment, new Show($"STABLE. All budgets were met for {runbook.Stable.For.TotalSeconds:0} s, from {Seconds(since)} after the fault began.", ShownAs.Good), .. End(at, "stable", "The system is stable again.")];
    }

    private IEnumerable<RehearsalEffect> End(long at, string reason, string title)
    {
        IsOver = true;
        return [new Record(new RehearsalEnded(reason, title) { At = at }), new Show(title, reason == "stable" ? ShownAs.Good : ShownAs.Plain), new Finish(reason)];
    }

    private IReadOnlyList<RehearsalEffect> Say(RehearsalInput.Said said)
    {
        var at = said.AtUs;
        switch (said.Command)
        {
            case RehearsalCommand.Next when Step + 1 < runbook.Steps.Count:
                return Go(at, Step + 1);
            case RehearsalCommand.Next:
                return [new Show("That was the last step. Begin again with step 1.", ShownAs.Refusal)];
            case RehearsalCommand.Back when Step > 0:
                return Go(at, Step - 1);
            case RehearsalCommand.Back:
                return [new Show("That is the first step.", ShownAs.Refusal)];
            case RehearsalCommand.GoTo to when to.Step >= 0 && to.Step < runbook.Steps.Count:
                return Go(at, to.Step);
            case RehearsalCommand.GoTo:
                return [new Show($"There are steps 1 to {runbook.Steps.Count}.", ShownAs.Refusal)];
            case RehearsalCommand.Look:
                return [new Look(Step)];
            case RehearsalCommand.Probe when runbook.Steps[Step].Probe is not null:
                return [new Ask(Step)];
            case RehearsalCommand.Probe:
                return [new Show("This step has no probe. Look, and judge for yourself.", ShownAs.Refusal)];
            case RehearsalCommand.Act when runbook.Steps[Step].Action is { } action:
                return _done.Contains(Step) ? [new Show("That is done already. Undo it first.", ShownAs.Refusal)] : [new Show($"Now: {action.Words}."), new Do(Step, false)];
            case RehearsalCommand.Act:
                return [new Show("This step has nothing to do. Go on with next.", ShownAs.Refusal)];
            case RehearsalCommand.Undo:
                return _done.Contains(Step) ? [new Do(Step, true)] : [new Show("Nothing was done in this step.", ShownAs.Refusal)];
            case RehearsalCommand.Hint:
                var hint = runbook.Steps[Step].Hint ?? "There is no hint for this step.";
                return [Entry(at, "hint", Step, hint), new Show(hint), .. runbook.Steps[Step].Probe is null ? Array.Empty<RehearsalEffect>() : [new Ask(Step)]];
            case RehearsalCommand.Note note:
                return [Entry(at, "note", Step, note.Text), new Show("Noted.")];
            case RehearsalCommand.Diagnose diagnose:
                return Diagnose(at, diagnose.Cause);
            case RehearsalCommand.Status:
                return [new Show(StatusText())];
            case RehearsalCommand.Help:
                return [new Show(string.Join('\n', RehearsalCommand.Words)), new Show($"Causes: {string.Join(", ", runbook.Causes.Select(c => c.Name))}.")];
            case RehearsalCommand.Halt:
                return [Entry(at, "halt", null, "Halted."), .. End(at, "halted", "Halted. Every fault is taken off.")];
            default:
                throw new ArgumentOutOfRangeException(nameof(said), said.Command, "Unknown command.");
        }
    }

    private IReadOnlyList<RehearsalEffect> Go(long at, int step)
    {
        Step = step;
        return [Entry(at, "step", step, runbook.Steps[step].Title), new ShowStep(step)];
    }

    private IReadOnlyList<RehearsalEffect> Diagnose(long at, string named)
    {
        if (runbook.Causes.FirstOrDefault(c => c.Name == named) is not { } known)
            return [new Show($"There is no cause '{named}'. Causes: {string.Join(", ", runbook.Causes.Select(c => c.Name))}.", ShownAs.Refusal)];
        var right = known.Name == cause.Name;
        // Whether it is right shows in what helps, and in the report; nobody tells in an incident either.
        var entry = new Record(new RehearsalEntry("diagnosis", runbook.Steps[Step].Id, $"Diagnosis: {known.Title}", Cause: known.Name, Right: right) { At = at });
        if (!right || _diagnosed || _beganUs is null) return [entry, new Show($"Diagnosis: {known.Title}")];
        _diagnosed = true;
        return [entry, Moment(at, RehearsalMoments.Diagnosed, $"Diagnosed: {known.Title}", at), new Show($"Diagnosis: {known.Title}")];
    }

    private IReadOnlyList<RehearsalEffect> Answer(RehearsalInput.Answered answered)
    {
        var (step, answer) = (runbook.Steps[answered.Step], answered.Answer);
        var probe = step.Probe!;
        var text = answer.Value is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"{probe.Indicator} {value:0.#} {answer.Unit}, {(probe.IsAbove ? "above" : "below")} {probe.Limit:0.#} would be {probe.Cause}: {(answer.Found ? "found" : "not it")}.")
            : $"{probe.Indicator} has {answer.Readings} readings, which is too few to tell.";
        var entry = new RehearsalEntry("finding", step.Id, text, answer.Value, probe.Limit, answer.Found ? probe.Cause : null) { At = answered.AtUs };
        return [new Record(entry), new Show(text)];
    }

    private List<RehearsalEffect> Act(RehearsalInput.Acted acted)
    {
        if (acted.Ok && acted.Undone) _done.Remove(acted.Step);
        else if (acted.Ok) _done.Add(acted.Step);
        var entry = new RehearsalEntry(acted.Undone ? "undo" : "action", runbook.Steps[acted.Step].Id, acted.Text, Right: acted.Ok, Helped: acted.Undone ? null : acted.Helped) { At = acted.AtUs };
        var effects = new List<RehearsalEffect> { new Record(entry), new Show(acted.Text, acted.Ok ? ShownAs.Plain : ShownAs.Refusal) };
        if (!acted.Helped || acted.Undone || _mitigated || _beganUs is null) return effects;
        _mitigated = true;
        effects.Add(Moment(acted.AtUs, RehearsalMoments.Mitigated, $"Mitigated: {acted.Text}", acted.AtUs));
        return effects;
    }

    private string StatusText()
    {
        if (_vitals is not { } v) return "Nothing was read yet.";
        var broken = v.Broken(runbook.Stable);
        return string.Create(CultureInfo.InvariantCulture, $"p50 {v.P50Ms:0} ms, p95 {v.P95Ms:0} ms, p99 {v.P99Ms:0} ms, {v.ErrorShare:0 %} refused, {v.ConnectedShare:0 %} connected. {(broken.Count == 0 ? "All budgets are met." : $"Beyond budget: {string.Join("; ", broken)}.")}");
    }

    private Record Entry(long at, string what, int? step, string title) => new(new RehearsalEntry(what, step is { } s ? runbook.Steps[s].Id : null, title) { At = at });

    private Record Moment(long at, string moment, string title, long reachedUs) => new(new RehearsalMoment(moment, title, (reachedUs - _beganUs!.Value) / 1000.0) { At = at });

    private string Seconds(long us) => ((us - _beganUs!.Value) / 1e6).ToString("0.0 s", CultureInfo.InvariantCulture);

    private static long Us(TimeSpan time) => (long)time.TotalMicroseconds;
}
