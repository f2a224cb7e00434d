namespace Chaos.Experiments.Files;

/// <summary>Something wrong in a file, with where it is and what to do about it.</summary>
/// <param name="File">The file, relative to the working folder where that is possible; or the flag, such as <c>--set fleet.count</c>.</param>
/// <param name="Line">Line, from 1; 0 where there is none (a flag, a path that does not exist).</param>
/// <param name="Column">Column, from 1; 0 where there is none.</param>
/// <param name="Message">What is wrong, without a full stop.</param>
/// <param name="Hint">What to do next, as a sentence.</param>
public sealed record FileError(string File, int Line, int Column, string Message, string Hint) : IComparable<FileError>
{
    /// <summary>By file, then by place in it.</summary>
    public int CompareTo(FileError? other) => other is null ? 1
        : (string.CompareOrdinal(File, other.File), Line.CompareTo(other.Line), Column.CompareTo(other.Column), string.CompareOrdinal(Message, other.Message)) switch
        {
            (not 0 and var byFile, _, _, _) => byFile,
            (_, not 0 and var byLine, _, _) => byLine,
            (_, _, not 0 and var byColumn, _) => byColumn,
            var (_, _, _, byMessage) => byMessage,
        };

    /// <summary><c>file:line:column: message. hint</c>.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}:{Column}: {Message}. {Hint}" : $"{File}: {Message}. {Hint}";

    public static bool operator <(FileError left, FileError right) => left.CompareTo(right) < 0;

    public static bool operator >(FileError left, FileError right) => left.CompareTo(right) > 0;

    public static bool operator <=(FileError left, FileError right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FileError left, FileError right) => left.CompareTo(right) >= 0;
}
