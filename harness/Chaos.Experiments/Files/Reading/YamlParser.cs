using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Chaos.Experiments.Files.Reading;

/// <summary>YAML text → tree, with duplicate keys, unknown aliases, tags and further documents reported where they stand.</summary>
internal sealed class YamlParser
{
    private readonly string _file;
    private readonly ICollection<FileError> _errors;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlValue> _anchors = new(StringComparer.Ordinal);

    private YamlParser(string text, string file, ICollection<FileError> errors)
    {
        (_file, _errors) = (file, errors);
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
    }

    /// <summary>The document's root, or null with at least one error added.</summary>
    public static YamlValue? Parse(string text, string file, ICollection<FileError> errors)
    {
        var parser = new YamlParser(text, file, errors);
        try
        {
            return parser.Document();
        }
        catch (StoppedException)
        {
            return null;
        }
        catch (YamlException e)
        {
            foreach (var error in YamlPhrases.Syntax(e, file, text)) errors.Add(error);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The scanner throws these at some malformed inputs, such as a flow list that is never closed.
            var at = parser._scanner.CurrentPosition;
            parser._errors.Add(new Place(file, (int)at.Line, (int)at.Column)
                .Error("the YAML is broken here or just before", "Look for a bracket or a quote that is never closed."));
            return null;
        }
    }

    private YamlValue? Document()
    {
        Next<StreamStart>();
        if (_parser.Current is StreamEnd)
        {
            _errors.Add(new Place(_file, 1, 1).Error("the file is empty", "Begin with 'id:'; the files in experiments/checklist are examples."));
            return null;
        }

        Next<DocumentStart>();
        var root = Value(0);
        Next<DocumentEnd>();
        if (_parser.Current is not DocumentStart second) return root;
        _errors.Add(At(second).Error("a second document begins here", "Put one experiment in a file; remove the '---'."));
        return null;
    }

    private YamlValue Value(int depth)
    {
        var current = _parser.Current;
        if (depth > YamlLimits.Depth) throw Stop(At(current!).Error($"nested deeper than {YamlLimits.Depth} levels", "Flatten it."));
        YamlValue value;
        switch (current)
        {
            case AnchorAlias alias:
                _parser.MoveNext();
                if (_anchors.TryGetValue(alias.Value.Value, out var target)) return target;
                _errors.Add(At(alias).Error($"unknown anchor '{Words.Shown(alias.Value.Value)}'", Words.Suggest(alias.Value.Value, _anchors.Keys, "anchors")));
                return new YamlScalar(At(alias), "", true);
            case Scalar scalar:
                _parser.MoveNext();
                value = new YamlScalar(At(scalar), scalar.Value, scalar.Style == ScalarStyle.Plain && !IsTextTag(scalar.Tag));
                break;
            case SequenceStart list:
                _parser.MoveNext();
                var items = new List<YamlValue>();
                while (_parser.Current is not SequenceEnd) items.Add(Value(depth + 1));
                _parser.MoveNext();
                value = new YamlList(At(list), items);
                break;
            case MappingStart mapping:
                _parser.MoveNext();
                value = new YamlMapping(At(mapping), Entries(depth));
                break;
            default:
                throw Stop(At(current!).Error("a value is missing here", "Give one, or remove the line."));
        }

        var node = (NodeEvent)current;
        if (!node.Tag.IsEmpty && !IsTextTag(node.Tag) && node.Tag.Value != "!")
            _errors.Add(At(current).Error($"tags such as '{Words.Shown(node.Tag.Value)}' are not supported", "Remove it; quote the value if it is text."));
        if (!node.Anchor.IsEmpty) _anchors[node.Anchor.Value] = value;
        return value;
    }

    private List<YamlEntry> Entries(int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            var place = At(_parser.Current!);
            var key = Value(depth + 1) as YamlScalar;
            var value = Value(depth + 1);
            if (key is null)
                _errors.Add(place.Error("a key must be text", "Put it in quotes if it is text that begins with '[' or '{'."));
            else if (seen.TryGetValue(key.Text, out var first))
                _errors.Add(place.Error($"key '{Words.Shown(key.Text)}' is given twice", $"It is on line {first.Line} already; keep one."));
            else
                entries.Add(new YamlEntry(key.Text, place, value));
            if (key is not null) seen.TryAdd(key.Text, place);
        }

        _parser.MoveNext();
        return entries;
    }

    private static bool IsTextTag(TagName tag) => !tag.IsEmpty && tag.Value == "tag:yaml.org,2002:str";

    private void Next<T>() where T : ParsingEvent
    {
        if (_parser.Current is null) _parser.MoveNext();
        if (_parser.Current is not T) throw Stop(At(_parser.Current!).Error("the YAML is broken here", "Check the lines above."));
        _parser.MoveNext();
    }

    private Place At(ParsingEvent e) => new(_file, Math.Max(1, (int)e.Start.Line), Math.Max(1, (int)e.Start.Column));

    private StoppedException Stop(FileError error)
    {
        _errors.Add(error);
        return new StoppedException();
    }

    // Leaves the recursion once there is an error after which nothing can be understood; the error is in the list.
    private sealed class StoppedException : Exception;
}
