namespace Chaos.Experiments.Files.Reading;

/// <summary>A place in a file, or a flag of the command line (line 0).</summary>
internal readonly record struct Place(string File, int Line, int Column)
{
    /// <summary>An error here.</summary>
    public FileError Error(string message, string hint) => new(File, Line, Column, message, hint);
}
