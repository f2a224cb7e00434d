using Chaos.Experiments.Files;

namespace Chaos.Cli.Terminal;

/// <summary>Prints what is wrong with files: one line an error, as compilers do, so that editors can jump to it.</summary>
internal static class ErrorPrinter
{
    public static void Print(IReadOnlyList<FileError> errors)
    {
        foreach (var error in errors)
        {
            Console.Error.WriteLine($"{error.File}:{error.Line}:{error.Column}: {error.Message}");
            if (!string.IsNullOrEmpty(error.Hint)) Console.Error.WriteLine($"    {error.Hint}");
        }

        Console.Error.WriteLine($"{errors.Count} {(errors.Count == 1 ? "error" : "errors")}. Nothing was started.");
    }
}
