using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files.Binding;

/// <summary>A checked file of alerts → its definition, with defaults filled in.</summary>
internal static class AlertBinder
{
    public static AlertsDefinition Bind(Cursor root) =>
        new(root["job"].Text ?? AlertSchema.DefaultJob, root["interval"].Duration ?? TimeSpan.FromSeconds(15), [.. root["alerts"].Items.Select(Alert)]);

    private static AlertDefinition Alert(Cursor alert) => new()
    {
        Name = alert["name"].Text!,
        Title = alert["title"].Text!,
        Condition = alert["condition"].Text!,
        Options = new JsonObject(alert.Members.Where(m => !AlertSchema.IsCommon(m.Key)).Select(m => KeyValuePair.Create(m.Key, m.Value.Node?.DeepClone()))),
        For = alert["for"].Duration!.Value,
        KeepFiringFor = alert["keep_firing_for"].Duration ?? TimeSpan.Zero,
        Within = alert["within"].Duration!.Value,
        Severity = alert["severity"].Text!,
        Team = alert["team"].Text!,
        Runbook = alert["runbook"].Text!,
    };
}
