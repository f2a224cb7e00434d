using System.Text;
using System.Text.Json;

namespace Chaos.Proxy.Hosting.Config;

/// <summary>Where each name and value of a JSON text stands. Paths are as of JSON Pointer, in any case.</summary>
internal sealed class JsonPlaces
{
    private readonly byte[] _json;
    private readonly Dictionary<string, int> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="JsonException">The text is no JSON; comments and commas at the end of lists are allowed.</exception>
    public JsonPlaces(byte[] json)
    {
        _json = json;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        reader.Read();
        Walk(ref reader, "");
    }

    /// <summary>Paths of names that were given twice in one object.</summary>
    public List<string> Doubled { get; } = [];

    /// <summary>Line and column, from 1, of a value; of the one around it where it is not there.</summary>
    public (int Line, int Column) OfValue(string path)
    {
        int at;
        while (!_values.TryGetValue(path, out at))
            path = path[..path.LastIndexOf('/')];
        return Place(at);
    }

    /// <summary>Line and column, from 1, of a name.</summary>
    public (int Line, int Column) OfName(string path) => Place(_names[path]);

    /// <summary>There is a value of that path.</summary>
    public bool Has(string path) => _values.ContainsKey(path);

    private void Walk(ref Utf8JsonReader reader, string path)
    {
        _values[path] = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var member = $"{path}/{name}";
                    if (!seen.Add(name)) Doubled.Add(member);
                    _names[member] = (int)reader.TokenStartIndex;
                    reader.Read();
                    Walk(ref reader, member);
                }
                break;
            case JsonTokenType.StartArray:
                for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
                    Walk(ref reader, $"{path}/{i}");
                break;
        }
    }

    private (int Line, int Column) Place(int at)
    {
        var before = _json.AsSpan(0, at);
        var line = before.Count((byte)'\n') + 1;
        return (line, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }
}
