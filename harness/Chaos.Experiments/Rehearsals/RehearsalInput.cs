namespace Chaos.Experiments.Rehearsals;

/// <summary>What a rehearsal hears of.</summary>
/// <param name="AtUs">When, in microseconds since the Unix epoch.</param>
public abstract record RehearsalInput(long AtUs)
{
    /// <summary>The cause begins to act.</summary>
    public sealed record Began(long AtUs) : RehearsalInput(AtUs);

    /// <summary>The cause is over by itself.</summary>
    public sealed record PassedBy(long AtUs) : RehearsalInput(AtUs);

    /// <summary>The vital signs were read.</summary>
    public sealed record Read(long AtUs, Vitals Vitals) : RehearsalInput(AtUs);

    /// <summary>Something was said.</summary>
    public sealed record Said(long AtUs, RehearsalCommand Command) : RehearsalInput(AtUs);

    /// <summary>What a step looks at was read.</summary>
    /// <param name="Step">Number of the step, from 0.</param>
    /// <param name="Text">It in words.</param>
    public sealed record Seen(long AtUs, int Step, string Text) : RehearsalInput(AtUs);

    /// <summary>A probe answered.</summary>
    public sealed record Answered(long AtUs, int Step, ProbeAnswer Answer) : RehearsalInput(AtUs);

    /// <summary>An action was carried out, or undone.</summary>
    /// <param name="Undone">Whether it was undone.</param>
    /// <param name="Ok">Whether it could be.</param>
    /// <param name="Helped">Whether it took the cause's effect away.</param>
    /// <param name="Text">What happened, in words.</param>
    public sealed record Acted(long AtUs, int Step, bool Undone, bool Ok, bool Helped, string Text) : RehearsalInput(AtUs);
}

/// <summary>What a rehearsal asks for.</summary>
public abstract record RehearsalEffect
{
    /// <summary>Write this into the journal.</summary>
    public sealed record Record(Journal.Events.JournalEvent Entry) : RehearsalEffect;

    /// <summary>Show this.</summary>
    public sealed record Show(string Text, ShownAs As = ShownAs.Plain) : RehearsalEffect;

    /// <summary>Show a step.</summary>
    public sealed record ShowStep(int Step) : RehearsalEffect;

    /// <summary>Read what a step looks at.</summary>
    public sealed record Look(int Step) : RehearsalEffect;

    /// <summary>Let the probe of a step answer.</summary>
    public sealed record Ask(int Step) : RehearsalEffect;

    /// <summary>Carry out the action of a step, or undo it.</summary>
    public sealed record Do(int Step, bool Undo) : RehearsalEffect;

    /// <summary>It is over: undo everything.</summary>
    public sealed record Finish(string Reason) : RehearsalEffect;
}

/// <summary>What kind of thing is shown.</summary>
public enum ShownAs
{
    /// <summary>An answer.</summary>
    Plain,

    /// <summary>Something is wrong.</summary>
    Alarm,

    /// <summary>Something was achieved.</summary>
    Good,

    /// <summary>That cannot be done.</summary>
    Refusal,
}
