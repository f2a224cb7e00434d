using System.Text.Json.Nodes;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>What is asked of a running Prometheus and Alertmanager.</summary>
internal sealed class MonitoringApi(Uri prometheus, Uri alertmanager) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Their versions.</summary>
    public async Task<(string Prometheus, string Alertmanager)> VersionsAsync(CancellationToken cancel) =>
        (Text((await DataAsync("status/buildinfo", cancel).ConfigureAwait(false))["version"]),
            Text(JsonNode.Parse(await _http.GetStringAsync(new Uri(alertmanager, "/api/v2/status"), cancel).ConfigureAwait(false))!["versionInfo"]!["version"]));

    /// <summary>How many nodes answered when they were scraped last.</summary>
    public async Task<int> NodesUpAsync(string job, CancellationToken cancel)
    {
        var result = (await DataAsync($"query?query={Uri.EscapeDataString($"count(up{{job=\"{job}\"}} == 1)")}", cancel).ConfigureAwait(false))["result"]!.AsArray();
        return result.Count == 0 ? 0 : int.Parse(Text(result[0]!["value"]![1]), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the rules have been evaluated, and Prometheus knows whom to tell of them.</summary>
    public async Task<bool> EvaluatesAsync(CancellationToken cancel)
    {
        var groups = (await DataAsync("rules", cancel).ConfigureAwait(false))["groups"]!.AsArray();
        var active = (await DataAsync("alertmanagers", cancel).ConfigureAwait(false))["activeAlertmanagers"]!.AsArray();
        return active.Count > 0 && groups.Count > 0 && groups.All(g => DateTimeOffset.Parse(Text(g!["lastEvaluation"]), System.Globalization.CultureInfo.InvariantCulture) > DateTimeOffset.UnixEpoch);
    }

    /// <summary>Labels of the alerts that fire now, those of the rules among them.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> FiringAsync(CancellationToken cancel) =>
    [
        .. (await DataAsync("alerts", cancel).ConfigureAwait(false))["alerts"]!.AsArray().Where(a => Text(a!["state"]) == "firing")
            .Select(a => a!["labels"]!.AsObject().ToDictionary(l => l.Key, l => Text(l.Value), StringComparer.Ordinal)),
    ];

    /// <summary>Makes Prometheus read its configuration again.</summary>
    public Task ReloadPrometheusAsync(CancellationToken cancel) => ReloadAsync(prometheus, cancel);

    /// <summary>Makes Alertmanager read its configuration again.</summary>
    public Task ReloadAlertmanagerAsync(CancellationToken cancel) => ReloadAsync(alertmanager, cancel);

    /// <summary>Asks again and again until a condition holds. What does not answer yet does not hold.</summary>
    /// <returns>Whether it came to hold in time.</returns>
    public static async Task<bool> UntilAsync(Func<CancellationToken, Task<bool>> condition, TimeSpan within, TimeProvider time, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (await condition(cancel).ConfigureAwait(false)) return true;
            }
            catch (HttpRequestException) when (time.GetElapsedTime(start) < within)
            {
                // It is still starting, or reading its configuration.
            }

            if (time.GetElapsedTime(start) >= within) return false;
            await Task.Delay(Poll, time, cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> DataAsync(string what, CancellationToken cancel) =>
        JsonNode.Parse(await _http.GetStringAsync(new Uri(prometheus, $"/api/v1/{what}"), cancel).ConfigureAwait(false))!["data"]!.AsObject();

    private async Task ReloadAsync(Uri program, CancellationToken cancel)
    {
        using var answer = await _http.PostAsync(new Uri(program, "/-/reload"), null, cancel).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{program} did not take its configuration: {await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false)}");
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
