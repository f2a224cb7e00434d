namespace Chaos.Journal.Fleets;

/// <summary>Columns of lines that hold many rows.</summary>
public static class Columns
{
    /// <summary>The entry of a row; a column of one entry holds it for every row.</summary>
    public static int Of(int[] column, int row) => column[column.Length == 1 ? 0 : row];

    /// <summary>The column as it is written: one entry where all are the same.</summary>
    public static int[] Written(ReadOnlySpan<int> column) => column.Length > 1 && !column.ContainsAnyExcept(column[0]) ? [column[0]] : column.ToArray();
}
