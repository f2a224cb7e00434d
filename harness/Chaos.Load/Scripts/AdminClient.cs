using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>A gateway's admin API as scripts use it.</summary>
/// <param name="root">Root of the gateway's HTTP address, such as <c>http://127.0.0.1:5000</c>.</param>
/// <param name="token">Bearer token of the admin API.</param>
public sealed class AdminClient(Uri root, string token)
{
    // One for all: each client would keep a pool of connections of its own, and a script may make thousands of calls.
    private static readonly HttpClient Http = new();

    /// <summary>Publishes to a channel.</summary>
    /// <exception cref="HttpRequestException">The gateway did not answer, or refused; the message says which.</exception>
    public async Task PublishAsync(string channel, JsonObject data, CancellationToken cancel)
    {
        _ = await SucceedAsync("POST publish", new JsonObject { ["channel"] = channel, ["data"] = data }, cancel).ConfigureAwait(false);
    }

    /// <summary>Limits a channel in the whole region of the node, for a time.</summary>
    /// <param name="channel">The channel, with its tenant.</param>
    /// <param name="perSecond">Publishes a second, 1 to 1,000,000.</param>
    /// <param name="time">How long, 1 ms to 24 h.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <exception cref="HttpRequestException">The gateway did not answer, or refused; the message says which.</exception>
    public async Task LimitAsync(string channel, int perSecond, TimeSpan time, CancellationToken cancel)
    {
        _ = await SucceedAsync("POST limit", new JsonObject { ["channel"] = channel, ["per_second"] = perSecond, ["for_ms"] = (long)time.TotalMilliseconds }, cancel).ConfigureAwait(false);
    }

    /// <summary>Tells the node to take nobody new and to send its sessions away.</summary>
    /// <returns>Over how long it will.</returns>
    /// <exception cref="HttpRequestException">The gateway did not answer, or refused; the message says which.</exception>
    public async Task<TimeSpan> DrainAsync(CancellationToken cancel)
    {
        var answer = await SucceedAsync("POST drain", null, cancel).ConfigureAwait(false);
        return TimeSpan.FromMilliseconds((double?)answer?["window_ms"] ?? 0);
    }

    /// <summary>Makes a call as a script writes it.</summary>
    /// <returns>Status of the answer, and its body when that is JSON.</returns>
    /// <exception cref="HttpRequestException">The gateway did not answer.</exception>
    public Task<(int Status, JsonNode? Answer)> CallAsync(ScriptAdminCall call, JsonObject? body, CancellationToken cancel) =>
        CallAsync(call.Call, body, call.Token switch { "admin" => token, "wrong" => token + "-not", _ => null }, cancel);

    private async Task<JsonNode?> SucceedAsync(string call, JsonObject? body, CancellationToken cancel)
    {
        var (status, answer) = await CallAsync(call, body, token, cancel).ConfigureAwait(false);
        return status is >= 200 and <= 299 ? answer : throw new HttpRequestException($"The admin API answered {status}: {answer?.ToJsonString()}", null, (System.Net.HttpStatusCode)status);
    }

    private async Task<(int Status, JsonNode? Answer)> CallAsync(string call, JsonObject? body, string? bearer, CancellationToken cancel)
    {
        var words = call.Split(' ', 2);
        using var request = new HttpRequestMessage(HttpMethod.Parse(words[0]), new Uri(root, $"/admin/{words[^1]}"));
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request, cancel).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        return ((int)response.StatusCode, Parse(text));
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // An answer in other words matches no expectation, and stands in the journal as it came.
            return JsonValue.Create(text);
        }
    }
}
