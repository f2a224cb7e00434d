using System.Text.Json.Nodes;

namespace Chaos.Experiments.Files.Reading;

/// <summary>
/// The values of <c>--set key=value</c>, put into each experiment before it is checked, so that they are checked like the rest.
/// One that means an entry of a list is put where there is such an entry; it is an error when no experiment has it.
/// </summary>
internal sealed class Overrides
{
    private readonly List<Override> _overrides = [];

    /// <summary>Reads the flags; malformed ones become errors.</summary>
    public Overrides(IReadOnlyDictionary<string, string> set, ICollection<FileError> errors)
    {
        foreach (var (key, text) in set)
        {
            var place = new Place($"--set {Words.Shown(key)}", 0, 0);
            if (SetPath.Parse(key) is not { } steps)
            {
                errors.Add(place.Error($"'{Words.Shown(key)}' is no key", "Write it as in fleet.count or timeline.faults[0].for."));
                continue;
            }

            var problems = new List<FileError>();
            var value = text.Length == 0 ? new YamlDocument("", null, new SourceMap(place)) : YamlDocument.Parse(text, place.File, problems);
            if (value is null || problems.Count > 0) errors.Add(place.Error($"'{Words.Shown(text)}' is no value", "Write a number, a text, or YAML on one line such as [a, b]; quote what is special to YAML."));
            else _overrides.Add(new Override(steps, place, value.Root));
        }
    }

    /// <summary>Changes a document.</summary>
    public void Apply(YamlDocument document)
    {
        if (document.Root is not JsonObject root) return;
        foreach (var entry in _overrides) entry.Apply(root, document.Map);
    }

    /// <summary>Adds an error for each flag that met nothing in any document.</summary>
    public void ReportUnused(ICollection<FileError> errors)
    {
        foreach (var entry in _overrides.Where(o => !o.Applied && o.Missed is not null)) errors.Add(entry.Place.Error(entry.Missed!, entry.Hint!));
    }

    private sealed record Override(IReadOnlyList<SetStep> Steps, Place Place, JsonNode? Value)
    {
        public bool Applied { get; private set; }

        /// <summary>Why it could not be applied, last time.</summary>
        public string? Missed { get; private set; }

        public string? Hint { get; private set; }

        public void Apply(JsonObject root, SourceMap map)
        {
            if (!Fits(root)) return;
            Applied = true;
            JsonNode node = root;
            var pointer = "";
            for (var i = 0; i < Steps.Count; i++)
            {
                var last = i == Steps.Count - 1;
                var child = last ? Value?.DeepClone() : Child(node, Steps[i]) ?? new JsonObject();
                var created = last || Child(node, Steps[i]) is null;
                if (node is JsonArray items)
                {
                    var index = Steps[i].IndexIn(items);
                    pointer = Pointers.Join(pointer, index);
                    if (created) items[index] = child;
                }
                else
                {
                    pointer = Pointers.Join(pointer, Steps[i].Name);
                    if (created) ((JsonObject)node)[Steps[i].Name] = child;
                }

                if (created) map.Replace(pointer, Place);
                if (!last) node = child!;
            }
        }

        // Looked at before anything is changed: an experiment takes an override whole or not at all.
        private bool Fits(JsonObject root)
        {
            JsonNode? node = root;
            var shown = "";
            foreach (var step in Steps)
            {
                switch (node)
                {
                    case JsonArray items when step.IndexIn(items) < 0:
                        return Miss($"{shown} has no entry '{Words.Shown(step.Name)}'", Entries(items));
                    case JsonArray:
                        break;
                    case JsonObject when step.Bracketed:
                        return Miss($"{shown} is no list", "Write the key with a dot.");
                    case null when step.Bracketed:
                        return Miss($"there is no list {shown}", "Give the whole list as YAML on one line.");
                    case JsonObject or null:
                        break;
                    default:
                        return Miss($"{shown} has no keys of its own", $"Set {shown} itself.");
                }

                node = node is null ? null : Child(node, step);
                shown += step.Bracketed ? $"[{Words.Shown(step.Name)}]" : (shown.Length > 0 ? "." : "") + Words.Shown(step.Name);
            }

            return true;
        }

        private bool Miss(string message, string hint)
        {
            (Missed, Hint) = (message, hint);
            return false;
        }

        private static JsonNode? Child(JsonNode node, SetStep step) => node is JsonArray items ? items[step.IndexIn(items)] : ((JsonObject)node)[step.Name];

        private static string Entries(JsonArray items)
        {
            var names = items.OfType<JsonObject>().Select(o => (o["name"] ?? o["id"]) as JsonValue)
                .Select(v => v is not null && v.TryGetValue<string>(out var text) ? text : null).OfType<string>().ToList();
            return names.Count > 0 ? $"Entries: {Words.List(names)}; or a number from 0 to {items.Count - 1}."
                : items.Count > 0 ? $"Entries are numbered 0 to {items.Count - 1}." : "The list is empty.";
        }
    }
}
