using System.CommandLine;

namespace Chaos.Benchmarks.Commands;

/// <summary>Options that several benchmarks have.</summary>
internal static class BenchmarkOptions
{
    public static Option<int> Number(string name, string description, int fallback, int min, int max)
    {
        var option = new Option<int>(name) { Description = $"{description} {min} to {max}.", DefaultValueFactory = _ => fallback, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out var value) && (value < min || value > max))
                result.AddError($"{name} must be {min} to {max}.");
        });
        return option;
    }

    public static Option<int[]> Numbers(string name, string description, int[] fallback, int min, int max)
    {
        var option = new Option<int[]>(name) { Description = $"{description} {min} to {max}.", DefaultValueFactory = _ => fallback, AllowMultipleArgumentsPerToken = true, HelpName = "N…" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => int.TryParse(token.Value, out var value) && (value < min || value > max))) result.AddError($"{name} must be {min} to {max}.");
        });
        return option;
    }

    public static Option<int> Rounds(int fallback) => Number("--rounds", "Rounds, whose medians are shown.", fallback, 1, 1000);

    public static Option<string?> Json() => new("--json") { Description = "Also write everything measured, every round, to this file.", HelpName = "FILE" };

    /// <summary>Leaves peers out.</summary>
    public static Option<string[]> Only() =>
        new("--only") { Description = "Measure these peers alone, by the names in the table.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true, HelpName = "PEER…" };
}
