using System.Text.Json.Nodes;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control;

/// <summary>Connections as answers of the API.</summary>
internal static class ConnectionJson
{
    public static JsonObject Of(LinkConnection connection, LedgerClock clock)
    {
        var json = Name(connection);
        json["since"] = clock.ToTime(connection.OpenedNs).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        json["bytes_up"] = connection.Up?.Counters.Bytes ?? 0;
        json["bytes_down"] = connection.Down?.Counters.Bytes ?? 0;
        json["frames_up"] = connection.Up?.FramesDelivered ?? 0;
        json["frames_down"] = connection.Down?.FramesDelivered ?? 0;
        json["faults"] = new JsonArray([.. connection.Hits.Select(fault => (JsonNode)fault.Name)]);
        return json;
    }

    /// <summary>What it takes to know which one is meant.</summary>
    public static JsonObject Name(LinkConnection connection) => new()
    {
        ["conn"] = connection.Ordinal,
        ["labels"] = new JsonObject(connection.AllLabels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
    };
}
