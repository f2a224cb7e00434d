using System.Globalization;
using System.Text.RegularExpressions;
using Chaos.Gateway.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos.Gateway.Tests.Support;

/// <summary>A gateway node of a test.</summary>
internal sealed class Node : IAsyncDisposable
{
    public const string AdminToken = "the tests' admin token";
    private readonly GatewayHost _host;
    private readonly HttpClient _http = new();

    private Node(GatewayHost host) => _host = host;

    public Uri Address => _host.Address;

    public IServiceProvider Services => _host.Services;

    /// <summary>
    /// Nothing here is over sooner than a machine that stands still for some seconds: a test of a timeout or a breaker sets its own.
    /// </summary>
    public static GatewaySettings Settings { get; } = new()
    {
        Listen = "127.0.0.1:0",
        AdminToken = AdminToken,
        Jwt = new JwtSettings { Secret = Convert.ToBase64String(Tokens.Secret) },
        History = new HistorySettings { CheckIntervalMs = 500 },
        PongTimeoutMs = 60_000,
        Dependency = new DependencySettings { AttemptTimeoutMs = 30_000, TotalTimeoutMs = 60_000 },
    };

    public static async Task<Node> StartAsync(Func<GatewaySettings, GatewaySettings>? change = null, string store = TestStore.Embedded, TimeProvider? time = null,
        Action<IServiceCollection>? customise = null, string? redis = null)
    {
        var settings = Settings with { Redis = redis ?? TestStore.Address(store) };
        var node = new Node(await GatewayHost.StartAsync(change?.Invoke(settings) ?? settings, customise, time));
        if (redis is null) await Until.TrueAsync(() => node.IsReadyAsync(connected: time is not null), "the node is ready");
        return node;
    }

    /// <param name="connected">It need not be more than connected to its store: with time that stands still it hears nothing of its subscription.</param>
    private async Task<bool> IsReadyAsync(bool connected)
    {
        var (status, reason) = await GetAsync("/readyz");
        return status == 200 || (connected && !reason.Contains("not connected", StringComparison.Ordinal));
    }

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var reply = await _http.GetAsync(new Uri(Address, path));
        return ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    public async Task<(int Status, string Body)> AdminAsync(string path, object? body, string token = AdminToken, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, path));
        if (body is not null) request.Content = System.Net.Http.Json.JsonContent.Create(body);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var reply = await _http.SendAsync(request);
        return ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    /// <summary>Sum of a metric over the series whose labels contain all of <paramref name="labels"/>, such as <c>code="3008"</c>; 0 without any.</summary>
    public async Task<double> MetricAsync(string name, params string[] labels)
    {
        var (_, text) = await GetAsync("/metrics");
        return text.Split('\n')
            .Select(l => Regex.Match(l, @"^(\w+)(\{.*\})? (\S+)"))
            .Where(m => m.Success && m.Groups[1].Value == name && labels.All(l => m.Groups[2].Value.Contains(l, StringComparison.Ordinal)))
            .Sum(m => double.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture));
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _http.Dispose();
    }
}

/// <summary>Waiting for a condition.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 60)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started).TotalSeconds > seconds) throw new TimeoutException($"not within {seconds} s: {what}");
            await Task.Delay(10);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what, double seconds = 60) => TrueAsync(() => Task.FromResult(condition()), what, seconds);
}
