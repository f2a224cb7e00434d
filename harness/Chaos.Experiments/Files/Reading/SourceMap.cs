namespace Chaos.Experiments.Files.Reading;

/// <summary>Where each value of a file stands, by JSON pointer (RFC 6901).</summary>
internal sealed class SourceMap(Place start)
{
    private readonly Dictionary<string, (Place Key, Place Value)> _places = new(StringComparer.Ordinal) { [""] = (start, start) };

    /// <summary>Notes a value and the key (or, in a list, the value) that leads to it.</summary>
    public void Add(string pointer, Place key, Place value) => _places[pointer] = (key, value);

    /// <summary>Says that the value at <paramref name="pointer"/>, and all below it, now comes from elsewhere.</summary>
    public void Replace(string pointer, Place place)
    {
        foreach (var below in _places.Keys.Where(k => k.StartsWith(pointer + "/", StringComparison.Ordinal)).ToList()) _places.Remove(below);
        _places[pointer] = (place, place);
    }

    /// <summary>Where the value stands; of a value that is not there, where the nearest one around it stands.</summary>
    public Place Value(string pointer) => Find(pointer).Value;

    /// <summary>Where the key that leads to the value stands.</summary>
    public Place Key(string pointer) => Find(pointer).Key;

    private (Place Key, Place Value) Find(string pointer)
    {
        for (; ; pointer = pointer[..pointer.LastIndexOf('/')])
        {
            if (_places.TryGetValue(pointer, out var place)) return place;
        }
    }
}
