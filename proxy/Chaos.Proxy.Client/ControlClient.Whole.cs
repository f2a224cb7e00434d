using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Proxy.Client;

/// <summary>Proxies with all that is known of them, their connections, the ledger, and the proxy as a whole.</summary>
public sealed partial class ControlClient
{
    /// <summary>Makes a proxy with its toxics and faults, or nothing at all; what the server does not know is refused.</summary>
    public Task<WholeProxy> CreateWholeProxyAsync(ProxyRequest proxy, CancellationToken ct = default) => SendAsync<WholeProxy>(HttpMethod.Post, "chaos/proxies", proxy, ct);

    /// <summary>All proxies with their settings, faults and counters.</summary>
    public Task<WholeProxy[]> ListWholeProxiesAsync(CancellationToken ct = default) => SendAsync<WholeProxy[]>(HttpMethod.Get, "chaos/proxies", null, ct);

    /// <summary>One proxy with its settings, faults and counters.</summary>
    public Task<WholeProxy> GetWholeProxyAsync(string proxy, CancellationToken ct = default) => SendAsync<WholeProxy>(HttpMethod.Get, Path("chaos/proxies", proxy), null, ct);

    /// <summary>Sends connections that are made from now on to other upstreams; those that are open stay where they are.</summary>
    /// <param name="upstream">As in <see cref="ProxyRequest"/>, weights included.</param>
    public Task<WholeProxy> RedirectAsync(string proxy, string upstream, CancellationToken ct = default) =>
        SendAsync<WholeProxy>(HttpMethod.Put, Path("chaos/proxies", proxy, "upstream"), new { upstream }, ct);

    /// <summary>Open connections of a proxy, oldest first.</summary>
    public Task<ConnectionInfo[]> ListConnectionsAsync(string proxy, CancellationToken ct = default) => SendAsync<ConnectionInfo[]>(HttpMethod.Get, Path("chaos/proxies", proxy, "connections"), null, ct);

    /// <summary>Cuts a connection with RST on both legs.</summary>
    /// <param name="conn">Its ordinal on the proxy.</param>
    public Task CutConnectionAsync(string proxy, long conn, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Delete, Path("chaos/proxies", proxy, "connections", conn.ToString(System.Globalization.CultureInfo.InvariantCulture)), null, ct);

    /// <summary>The seed of every random decision.</summary>
    public async Task<long> GetSeedAsync(CancellationToken ct = default) => (await SendAsync<SeedInfo>(HttpMethod.Get, "chaos/seed", null, ct).ConfigureAwait(false)).Seed;

    /// <summary>Seed, halt, and how much there is of everything.</summary>
    public Task<StatusInfo> GetStatusAsync(CancellationToken ct = default) => SendAsync<StatusInfo>(HttpMethod.Get, "chaos/status", null, ct);

    /// <summary>Has the server read its configuration file again.</summary>
    /// <exception cref="ControlException">The file is malformed, with every error in the message; nothing was changed.</exception>
    public Task<ReloadInfo> ReloadAsync(CancellationToken ct = default) => SendAsync<ReloadInfo>(HttpMethod.Post, "chaos/reload", null, ct);

    /// <summary>The OpenAPI document of the API.</summary>
    public Task<string> OpenApiAsync(CancellationToken ct = default) => ReadAsync(HttpMethod.Get, "chaos/openapi.json", null, ct);

    /// <summary>
    /// Listens to the ledger from now on, until the server stops or <paramref name="ct"/> is cancelled. A reader that is too
    /// slow loses lines, and gets one of kind <c>ledger.lost</c> that says how many.
    /// </summary>
    /// <param name="proxies">Only lines about these proxies; null for all.</param>
    /// <param name="kinds">Only lines of these kinds, such as <c>closed</c>; null for all.</param>
    /// <param name="listening">Called once the server listens: whatever happens from then on will come.</param>
    public async IAsyncEnumerable<LedgerLine> ReadLedgerAsync(IEnumerable<string>? proxies = null, IEnumerable<string>? kinds = null, Action? listening = null,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var query = string.Join('&', (proxies ?? []).Select(proxy => ("proxy", proxy)).Concat((kinds ?? []).Select(kind => ("kind", kind))).Select(filter => $"{filter.Item1}={Uri.EscapeDataString(filter.Item2)}"));
        using var request = Request(HttpMethod.Get, "chaos/ledger?" + query);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        await CheckAsync(response, ct).ConfigureAwait(false);
        listening?.Invoke();
        var events = SseParser.Create(await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false), static (_, data) => JsonSerializer.Deserialize<JsonObject>(data)!);
        await foreach (var item in events.EnumerateAsync(ct).ConfigureAwait(false))
        {
            if (item.Data["kind"] is { } kind) yield return new LedgerLine(kind.GetValue<string>(), item.EventId is null ? null : long.Parse(item.EventId, System.Globalization.CultureInfo.InvariantCulture), item.Data);
        }
    }

    private sealed record SeedInfo(long Seed);
}
