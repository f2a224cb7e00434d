using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Files.Reading;
using Json.Schema;

namespace Chaos.Experiments.Files.Schema;

/// <summary>Checks a document against a published schema, and says what is wrong in this tool's words.</summary>
internal sealed class SchemaCheck
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    // Of several keywords that fail on one value, the first of these tells the cause; the others follow from it.
    private static readonly string[] Precedence = ["", "type", "const", "enum", "minLength", "pattern"];

    private readonly JsonObject _source;
    private readonly JsonSchema _schema;

    public SchemaCheck(JsonObject source)
    {
        _source = source;
        // A registry of its own: the library's global one would remember every catalogue of the process.
        _schema = JsonSchema.FromText(source.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
    }

    /// <summary>Adds every error of the document.</summary>
    /// <param name="subject">What the document is, such as "the experiment".</param>
    public void Check(YamlDocument document, string subject, ICollection<FileError> errors)
    {
        if (document.Root is not JsonObject root)
        {
            errors.Add(document.Map.Value("").Error($"{subject} must be a mapping, not {SchemaPhrases.Kind(document.Root)}", "Begin with 'key: value' lines, without indentation."));
            return;
        }

        var result = _schema.Evaluate(JsonSerializer.SerializeToElement(document.Root), Options);
        if (result.IsValid) return;
        var failures = Failures(result).GroupBy(f => f.Pointer).Select(g => g.OrderBy(Rank).ToList()).ToList();
        var unknown = failures.Where(g => g[0].Keyword.Length == 0).Select(g => g[0]).ToList();
        var phrases = new SchemaPhrases(root, document.Map, subject);
        foreach (var group in failures)
        {
            // Several schemas may ask for several keys of one object; all other keywords are told once a value.
            foreach (var failure in group[0].Keyword == "required" ? group.Where(f => f.Keyword == "required") : group.Take(1))
            {
                foreach (var error in phrases.Errors(failure, unknown)) errors.Add(error);
            }
        }
    }

    private static int Rank(SchemaFailure failure)
    {
        var rank = Array.IndexOf(Precedence, failure.Keyword);
        return rank < 0 ? Precedence.Length : rank;
    }

    private IEnumerable<SchemaFailure> Failures(EvaluationResults result)
    {
        foreach (var detail in (result.Details ?? []).Append(result))
        {
            // What an "if" says decides between branches and is no error itself.
            if (detail.IsValid || detail.Errors is null || detail.EvaluationPath.ToString().Split('/').Contains("if")) continue;
            var (schema, holder) = Find(detail.SchemaLocation);
            foreach (var keyword in detail.Errors.Keys)
                yield return new SchemaFailure(detail.InstanceLocation.ToString(), keyword, schema as JsonObject, holder);
        }
    }

    // Parts that lead nowhere are passed over: the library adds some of its own ("items/items", "if/0").
    private (JsonNode? Schema, JsonObject? Holder) Find(Uri location)
    {
        JsonNode? node = _source;
        JsonObject? holder = null;
        foreach (var part in Pointers.Split(Uri.UnescapeDataString(location.Fragment.TrimStart('#'))))
        {
            JsonNode? next = node switch
            {
                JsonObject members when members.TryGetPropertyValue(part, out var member) => member,
                JsonArray items when int.TryParse(part, out var index) && index >= 0 && index < items.Count => items[index],
                _ => null,
            };
            if (next is null) continue;
            if (node is JsonObject around && part == "additionalProperties") holder = around;
            node = next;
        }

        return (node, holder);
    }
}

/// <summary>A keyword of the schema that a value fails.</summary>
/// <param name="Pointer">The value.</param>
/// <param name="Keyword">The keyword; "" where no value is allowed at all (an unknown key).</param>
/// <param name="Schema">The schema with the keyword.</param>
/// <param name="Holder">For an unknown key, the schema of the object around it.</param>
internal sealed record SchemaFailure(string Pointer, string Keyword, JsonObject? Schema, JsonObject? Holder);
