using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Journal.Events;
using Chaos.Reports.Json;
using Chaos.Reports.Text;

namespace Chaos.Reports.Rehearsals;

/// <summary>The figures of rehearsals, snake_case.</summary>
internal static class IncidentJson
{
    public static string Render(IReadOnlyList<RehearsalResult> incidents, RehearsalVerdict verdict)
    {
        var document = new JsonObject
        {
            ["schema_version"] = JsonReport.SchemaVersion,
            ["outcome"] = Words.Of(verdict.Outcome),
            ["findings"] = new JsonArray([.. verdict.Sentences.Select(s => (JsonNode)JsonValue.Create(s))]),
            ["named"] = verdict.Named,
            ["of"] = verdict.Of,
            ["median_with_s"] = Number(verdict.WithSeconds),
            ["median_without_s"] = Number(verdict.WithoutSeconds),
            ["rehearsals"] = new JsonArray([.. incidents.Select(i => (JsonNode)Rehearsal(i))]),
        };
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonReport.Readable)) document.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static JsonObject Rehearsal(RehearsalResult r) => new()
    {
        ["id"] = r.Id,
        ["seed"] = r.Seed,
        ["mode"] = r.Started.Mode,
        ["cause"] = r.Started.Cause,
        ["named"] = r.FirstDiagnosis,
        ["named_rightly"] = r.NamedRightly,
        ["to_detect_s"] = Number(r.Seconds(RehearsalMoments.Detected)),
        ["to_diagnose_s"] = Number(r.Seconds(RehearsalMoments.Diagnosed)),
        ["to_mitigate_s"] = Number(r.Seconds(RehearsalMoments.Mitigated)),
        ["to_stability_s"] = Number(r.Seconds(RehearsalMoments.Stable)),
        ["actions_in_vain"] = r.InVain.Count,
        ["steps_missed"] = new JsonArray([.. r.Missed.Select(s => (JsonNode)JsonValue.Create(s.Id))]),
        ["ended"] = r.Reason,
    };

    // JSON knows no infinity; what was never reached is null.
    private static JsonValue? Number(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(Math.Round(v, 3)) : null;
}
