using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>What Alertmanager posts to a webhook (prometheus.io/docs/alerting/latest/configuration, webhook_config); the part of it that is read.</summary>
/// <param name="Alerts">The alerts of the group, those among them that have just ended.</param>
internal sealed record AlertmanagerMessage([property: JsonRequired] IReadOnlyList<AlertmanagerAlert> Alerts)
{
    private static readonly JsonSerializerOptions Naming = new(JsonSerializerDefaults.Web);

    /// <summary>Reads one; null when it is none.</summary>
    public static async Task<AlertmanagerMessage?> ReadAsync(Stream body, CancellationToken cancel)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<AlertmanagerMessage>(body, Naming, cancel).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An alert as Alertmanager knows it.</summary>
/// <param name="Status">"firing" or "resolved".</param>
/// <param name="Labels">All labels, those of the rule among them.</param>
/// <param name="Annotations">What the rule says of it.</param>
/// <param name="StartsAt">When it began to fire.</param>
/// <param name="EndsAt">When it ended; of one that fires, a moment that says nothing.</param>
internal sealed record AlertmanagerAlert([property: JsonRequired] string Status, [property: JsonRequired] IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string>? Annotations, DateTimeOffset StartsAt, DateTimeOffset EndsAt);
