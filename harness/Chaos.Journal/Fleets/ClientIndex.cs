namespace Chaos.Journal.Fleets;

/// <summary>Where the rows of each client are: a counting sort of places by client.</summary>
internal sealed class ClientIndex
{
    private readonly int[] _from;
    private readonly Place[] _places;

    /// <param name="lines">The column of clients of each line.</param>
    public ClientIndex(List<int[]> lines)
    {
        Clients = lines.Count == 0 ? 0 : lines.Max(line => line.Length == 0 ? 0 : line.Max());
        _from = new int[Clients + 2];
        foreach (var line in lines)
            foreach (var client in line) _from[client + 1]++;
        for (var client = 1; client < _from.Length; client++) _from[client] += _from[client - 1];
        _places = new Place[_from[^1]];
        var next = _from.AsSpan(0, Clients + 1).ToArray();
        for (var line = 0; line < lines.Count; line++)
            for (var row = 0; row < lines[line].Length; row++) _places[next[lines[line][row]]++] = new Place(line, row);
    }

    public int Clients { get; }

    public ReadOnlySpan<Place> Of(int client) => client > Clients ? [] : _places.AsSpan(_from[client], _from[client + 1] - _from[client]);

    internal readonly record struct Place(int Line, int Row);
}
