namespace Chaos.Experiments.Definitions;

/// <summary>What may run on the machine beside an experiment.</summary>
public enum MachineUse
{
    /// <summary>Nothing: it judges milliseconds or what arrives within some of them, or takes the machine for itself.</summary>
    Alone,

    /// <summary>
    /// One other such experiment that begins with it, so that no process starts while either of them is judged. For those that judge tenths of a
    /// second, and need less than half of the machine once their world stands.
    /// </summary>
    Pair,

    /// <summary>Several others of its kind, which come and go: it is light, and judges nothing that a pause of a second would change.</summary>
    Shared,
}
