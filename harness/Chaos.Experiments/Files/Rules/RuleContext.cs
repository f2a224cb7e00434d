using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Reading;

namespace Chaos.Experiments.Files.Rules;

/// <summary>What the rules look at, and where they put what they find.</summary>
/// <param name="World">The experiment's world; null when it could not be read, which is an error of its own.</param>
internal sealed record RuleContext(Cursor Root, SourceMap Map, Catalogue Catalogue, WorldDefinition? World, ICollection<FileError> Errors)
{
    /// <summary>An error at a value.</summary>
    public void Report(Cursor at, string message, string hint) => Errors.Add(Map.Value(at.Pointer).Error(message, hint));

    /// <summary>An error where the names of a list repeat, at each one after the first.</summary>
    public void ReportDuplicates(IEnumerable<Cursor> names, string what)
    {
        var seen = new Dictionary<string, Cursor>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (name.Text is not { } text || seen.TryAdd(text, name)) continue;
            var first = Map.Value(seen[text].Pointer);
            Report(name, $"duplicate {what} '{Words.Shown(text)}'", first.Line > 0 ? $"Line {first.Line} has it already; give this one a name of its own." : "Give this one a name of its own.");
        }
    }

    /// <summary>An error where a duration is out of its range.</summary>
    public void ReportRange(Cursor duration, DurationRange range)
    {
        // A negative one where none may be is told by the schema.
        if (duration.Duration is not { } value || (value < TimeSpan.Zero && range.Min >= TimeSpan.Zero)) return;
        if (value < range.Min || value > range.Max)
            Report(duration, $"{Pointers.Shown(duration.Pointer)} is out of range: {Durations.Format(value)}", $"It may be {range}.");
    }
}
