namespace Chaos.Experiments.Rehearsals;

/// <summary>What whoever goes through a runbook may say.</summary>
public abstract record RehearsalCommand
{
    /// <summary>To the next step.</summary>
    public sealed record Next : RehearsalCommand;

    /// <summary>To the step before.</summary>
    public sealed record Back : RehearsalCommand;

    /// <summary>To a step by its number, from 0.</summary>
    public sealed record GoTo(int Step) : RehearsalCommand;

    /// <summary>Shows what the step looks at.</summary>
    public sealed record Look : RehearsalCommand;

    /// <summary>Lets the step's probe answer.</summary>
    public sealed record Probe : RehearsalCommand;

    /// <summary>Carries out the step's action.</summary>
    public sealed record Act : RehearsalCommand;

    /// <summary>Undoes it.</summary>
    public sealed record Undo : RehearsalCommand;

    /// <summary>Asks for help with the step.</summary>
    public sealed record Hint : RehearsalCommand;

    /// <summary>Writes something down.</summary>
    public sealed record Note(string Text) : RehearsalCommand;

    /// <summary>Names the cause.</summary>
    public sealed record Diagnose(string Cause) : RehearsalCommand;

    /// <summary>How is it going?</summary>
    public sealed record Status : RehearsalCommand;

    /// <summary>What may be said.</summary>
    public sealed record Help : RehearsalCommand;

    /// <summary>Ends it now; every fault goes.</summary>
    public sealed record Halt : RehearsalCommand;

    /// <summary>One line a command, for <see cref="Help"/>.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        "next, back, step N    go through the steps",
        "look                  what the step looks at",
        "probe                 what the step's probe says",
        "diagnose CAUSE        name the cause",
        "act, undo             carry out the step's action, or undo it",
        "hint                  help with the step",
        "note TEXT             write something down",
        "status                how the system is",
        "halt                  end it; every fault goes",
    ];

    /// <summary>Reads a line.</summary>
    /// <returns>The command, or null with what is wrong as a sentence.</returns>
    public static (RehearsalCommand? Command, string? Error) Parse(string line)
    {
        var words = line.Trim().Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rest = words.Length > 1 ? words[1] : "";
        RehearsalCommand? command = words.Length == 0 ? new Status() : words[0].ToLowerInvariant() switch
        {
            "next" or "n" when rest.Length == 0 => new Next(),
            "back" or "b" when rest.Length == 0 => new Back(),
            "step" when int.TryParse(rest, out var number) => new GoTo(number - 1),
            "look" or "l" when rest.Length == 0 => new Look(),
            "probe" or "p" when rest.Length == 0 => new Probe(),
            "act" when rest.Length == 0 => new Act(),
            "undo" when rest.Length == 0 => new Undo(),
            "hint" when rest.Length == 0 => new Hint(),
            "note" when rest.Length > 0 => new Note(rest),
            "diagnose" when rest.Length > 0 => new Diagnose(rest),
            "status" or "s" when rest.Length == 0 => new Status(),
            "help" or "?" => new Help(),
            "halt" or "quit" or "exit" => new Halt(),
            _ => null,
        };
        return command is not null ? (command, null) : (null, $"'{line.Trim()}' is not understood. Type help.");
    }
}
