using Chaos.Experiments.Files;

namespace Chaos.Cli.Terminal;

/// <summary>Prints what is wrong with files: one line an error, as compilers do, so that editors can jump to it.</summary>
internal static class ErrorPrinter
{
    public static void Print(IReadOnlyList<FileError> errors)
    {
        foreach (var error in errors)
        {
            // Line 0: the error is not in a file but of a flag, or of the file as a whole.
            var place = error.Line == 0 ? error.File : $"{error.File}:{error.Line}:{error.Column}";
            Console.Error.WriteLine($"{place}: {error.Message}");
            if (!string.IsNullOrEmpty(error.Hint)) Console.Error.WriteLine($"    {error.Hint}");
        }

        Console.Error.WriteLine($"{errors.Count} {(errors.Count == 1 ? "error" : "errors")}. Nothing was started.");
    }
}
