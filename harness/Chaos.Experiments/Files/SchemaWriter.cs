using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Writes the published schemas of every kind of file, from which editors complete.</summary>
public static class SchemaWriter
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>JSON Schema (draft 2020-12) of experiment files.</summary>
    public static JsonObject Build(Catalogue catalogue) => ExperimentSchema.Build(catalogue);

    /// <summary>JSON Schema of world files.</summary>
    public static JsonObject BuildWorld() => WorldSchema.Build();

    /// <summary>The published files: name → text.</summary>
    public static IReadOnlyDictionary<string, string> Files(Catalogue catalogue) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["alerts.schema.json"] = AlertSchema.Build().ToJsonString(Readable) + "\n",
        ["budgets.schema.json"] = BudgetSchema.Build().ToJsonString(Readable) + "\n",
        ["experiment.schema.json"] = Build(catalogue).ToJsonString(Readable) + "\n",
        ["on-call.schema.json"] = OnCallSchema.Build().ToJsonString(Readable) + "\n",
        ["runbook.schema.json"] = RunbookSchema.Build(catalogue).ToJsonString(Readable) + "\n",
        ["world.schema.json"] = BuildWorld().ToJsonString(Readable) + "\n",
    };

    /// <summary>Writes them into a folder; creates it if need be.</summary>
    /// <returns>The paths written.</returns>
    public static IReadOnlyList<string> Write(Catalogue catalogue, string folder)
    {
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        foreach (var (name, text) in Files(catalogue))
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, text);
            paths.Add(path);
        }

        return paths;
    }
}
