using System.Text.Json.Nodes;

namespace Chaos.Experiments.Files.Reading;

/// <summary>A YAML file as JSON, with the place of every value.</summary>
internal sealed record YamlDocument(string File, JsonNode? Root, SourceMap Map)
{
    /// <summary>Reads text.</summary>
    /// <returns>Null with at least one error added, when there is nothing to check further.</returns>
    public static YamlDocument? Parse(string text, string file, ICollection<FileError> errors)
    {
        if (YamlParser.Parse(text, file, errors) is not { } tree) return null;
        var conversion = new Conversion(new SourceMap(tree.Place));
        var root = conversion.Node(tree, "", 0);
        if (!conversion.TooLarge) return new YamlDocument(file, root, conversion.Map);
        errors.Add(new Place(file, 1, 1).Error($"the file comes to more than {YamlLimits.Values:N0} values, or {YamlLimits.Depth} levels, once its aliases are filled in", "Use fewer aliases."));
        return null;
    }

    /// <summary>Takes out errors that stand where one of the first <paramref name="syntax"/> stands: they follow from it.</summary>
    public static void DropFollowUps(List<FileError> errors, int syntax)
    {
        var places = errors.Take(syntax).Select(e => (e.Line, e.Column)).ToHashSet();
        for (var i = errors.Count - 1; i >= syntax; i--)
        {
            if (errors[i].Line > 0 && places.Contains((errors[i].Line, errors[i].Column))) errors.RemoveAt(i);
        }
    }

    private sealed class Conversion(SourceMap map)
    {
        private int _values;

        public SourceMap Map => map;

        public bool TooLarge { get; private set; }

        public JsonNode? Node(YamlValue value, string pointer, int depth)
        {
            TooLarge |= ++_values > YamlLimits.Values || depth > YamlLimits.Depth;
            if (TooLarge) return null;
            switch (value)
            {
                case YamlScalar scalar:
                    return scalar.Plain ? CoreScalars.Resolve(scalar.Text) : JsonValue.Create(scalar.Text);
                case YamlList list:
                    var array = new JsonArray();
                    for (var i = 0; i < list.Items.Count && !TooLarge; i++)
                    {
                        var at = Pointers.Join(pointer, i);
                        map.Add(at, list.Items[i].Place, list.Items[i].Place);
                        array.Add(Node(list.Items[i], at, depth + 1));
                    }

                    return array;
                default:
                    var result = new JsonObject();
                    foreach (var entry in ((YamlMapping)value).Entries)
                    {
                        if (TooLarge) break;
                        var at = Pointers.Join(pointer, entry.Key);
                        map.Add(at, entry.Place, entry.Value.Place);
                        result[entry.Key] = Node(entry.Value, at, depth + 1);
                    }

                    return result;
            }
        }
    }
}
