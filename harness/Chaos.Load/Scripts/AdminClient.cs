using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>The part of a gateway's admin API that scripts use.</summary>
/// <param name="root">Root of the gateway's HTTP address, such as <c>http://127.0.0.1:5000</c>.</param>
/// <param name="token">Bearer token of the admin API.</param>
public sealed class AdminClient(Uri root, string token)
{
    /// <summary>Publishes to a channel.</summary>
    /// <exception cref="HttpRequestException">The gateway did not answer, or refused; the message says which.</exception>
    public async Task PublishAsync(string channel, JsonObject data, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = root };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var body = new JsonObject { ["channel"] = channel, ["data"] = data }.ToJsonString();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri("/admin/publish", UriKind.Relative), content, cancel).ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return;
        var answer = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        throw new HttpRequestException($"The admin API answered {(int)response.StatusCode}: {answer}", null, response.StatusCode);
    }
}
