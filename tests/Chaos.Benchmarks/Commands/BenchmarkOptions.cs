using System.CommandLine;

namespace Chaos.Benchmarks.Commands;

/// <summary>Options that both benchmarks have.</summary>
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

    public static Option<string?> Json() => new("--json") { Description = "Also write everything measured, every round, to this file.", HelpName = "FILE" };

    public static Option<bool> Check() => new("--check") { Description = "End with exit code 1 if a goal is missed. Without it the exit code is 0: a noisy machine is not a failure." };

    public static Option<bool> WithoutChaos() => new("--baseline-only") { Description = "Measure direct and plain YARP alone." };
}
