using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Chaos.Proxy.Client;

/// <summary>
/// Typed client of the proxy's control API. The methods about proxies and toxics work with a stock Toxiproxy server as
/// well; all others need this project's proxy. Every method throws <see cref="ControlException"/> where the
/// server refuses, and <see cref="HttpRequestException"/> where it cannot be reached.
/// </summary>
public sealed partial class ControlClient : IDisposable
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private readonly Uri _address;
    private readonly string? _token;

    /// <param name="address">Address of the control API, such as http://127.0.0.1:8474.</param>
    /// <param name="token">Bearer token, if the server wants one.</param>
    /// <param name="http">Client to use; by default one of its own, with a timeout of 10 s.</param>
    public ControlClient(Uri address, string? token = null, HttpClient? http = null)
    {
        _address = address;
        _token = token;
        _ownsHttp = http is null;
        _http = http ?? new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Makes a proxy.</summary>
    public Task<ProxyInfo> CreateProxyAsync(ProxyRequest proxy, CancellationToken ct = default) => SendAsync<ProxyInfo>(HttpMethod.Post, "proxies", proxy, ct);

    /// <summary>All proxies by name.</summary>
    public Task<Dictionary<string, ProxyInfo>> GetProxiesAsync(CancellationToken ct = default) => SendAsync<Dictionary<string, ProxyInfo>>(HttpMethod.Get, "proxies", null, ct);

    /// <summary>One proxy.</summary>
    public Task<ProxyInfo> GetProxyAsync(string proxy, CancellationToken ct = default) => SendAsync<ProxyInfo>(HttpMethod.Get, Path("proxies", proxy), null, ct);

    /// <summary>Changes a proxy; new addresses, and disabling, drop its connections.</summary>
    public Task<ProxyInfo> UpdateProxyAsync(string proxy, ProxyUpdate update, CancellationToken ct = default) => SendAsync<ProxyInfo>(HttpMethod.Post, Path("proxies", proxy), update, ct);

    /// <summary>Deletes a proxy with its faults and connections.</summary>
    public Task DeleteProxyAsync(string proxy, CancellationToken ct = default) => SendAsync(HttpMethod.Delete, Path("proxies", proxy), null, ct);

    /// <summary>Makes the proxies that are missing or differ.</summary>
    public async Task<IReadOnlyList<ProxyInfo>> PopulateAsync(IEnumerable<ProxyRequest> proxies, CancellationToken ct = default) =>
        (await SendAsync<Populated>(HttpMethod.Post, "populate", proxies.ToArray(), ct).ConfigureAwait(false)).Proxies ?? [];

    /// <summary>Enables all proxies and removes all faults.</summary>
    public Task ResetAsync(CancellationToken ct = default) => SendAsync(HttpMethod.Post, "reset", null, ct);

    /// <summary>The server's version, as Toxiproxy counts.</summary>
    public async Task<string> VersionAsync(CancellationToken ct = default)
    {
        var text = await ReadAsync(HttpMethod.Get, "version", null, ct).ConfigureAwait(false);
        // Servers before 2.5 answer with the bare number.
        return text.StartsWith('{') ? JsonNode.Parse(text)!["version"]!.GetValue<string>() : text.Trim();
    }

    /// <summary>Toxics of a proxy.</summary>
    public Task<ToxicInfo[]> ListToxicsAsync(string proxy, CancellationToken ct = default) => SendAsync<ToxicInfo[]>(HttpMethod.Get, Path("proxies", proxy, "toxics"), null, ct);

    /// <summary>Adds a toxic.</summary>
    public Task<ToxicInfo> AddToxicAsync(string proxy, ToxicRequest toxic, CancellationToken ct = default) => SendAsync<ToxicInfo>(HttpMethod.Post, Path("proxies", proxy, "toxics"), toxic, ct);

    /// <summary>One toxic.</summary>
    public Task<ToxicInfo> GetToxicAsync(string proxy, string toxic, CancellationToken ct = default) => SendAsync<ToxicInfo>(HttpMethod.Get, Path("proxies", proxy, "toxics", toxic), null, ct);

    /// <summary>Changes a toxic.</summary>
    public Task<ToxicInfo> UpdateToxicAsync(string proxy, string toxic, ToxicUpdate update, CancellationToken ct = default) => SendAsync<ToxicInfo>(HttpMethod.Post, Path("proxies", proxy, "toxics", toxic), update, ct);

    /// <summary>Removes a toxic.</summary>
    public Task RemoveToxicAsync(string proxy, string toxic, CancellationToken ct = default) => SendAsync(HttpMethod.Delete, Path("proxies", proxy, "toxics", toxic), null, ct);

    /// <summary>The metrics page, in Prometheus' text format. A stock Toxiproxy server has it where it was started so.</summary>
    public Task<string> MetricsAsync(CancellationToken ct = default) => ReadAsync(HttpMethod.Get, "metrics", null, ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsHttp) _http.Dispose();
    }

    private static string Path(string first, params ReadOnlySpan<string> rest)
    {
        var path = new StringBuilder(first);
        foreach (var part in rest)
            path.Append('/').Append(Uri.EscapeDataString(part));
        return path.ToString();
    }

    private Task<string> SendAsync(HttpMethod method, string path, object? body, CancellationToken ct) => ReadAsync(method, path, body, ct);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken ct) =>
        JsonSerializer.Deserialize<T>(await ReadAsync(method, path, body, ct).ConfigureAwait(false), Options) ?? throw new ControlException(200, "The answer is empty.");

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(_address, path));
        if (_token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return request;
    }

    private async Task<string> ReadAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var request = Request(method, path);
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body, body.GetType(), Options), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, ct).ConfigureAwait(false);
        await CheckAsync(response, ct).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
    }

    private static async Task CheckAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.IsSuccessStatusCode) return;
        throw new ControlException((int)response.StatusCode, ErrorOf(await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false)));
    }

    private static string ErrorOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["error"]?.GetValue<string>() ?? text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not the API's own answer: some other server, or a page of a proxy between. Its words are all there is.
            return text;
        }
    }

    private sealed record Populated(ProxyInfo[]? Proxies);
}
