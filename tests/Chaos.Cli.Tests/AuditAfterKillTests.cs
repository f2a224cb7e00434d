using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Gateway.Admin;

namespace Chaos.Cli.Tests;

/// <summary>The audit log of a gateway that is killed in the middle of administrative calls.</summary>
public sealed class AuditAfterKillTests
{
    private const string Token = "an-admin-token-of-this-test";
    private const int Operators = 8;
    private static readonly HttpClient Http = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Every_call_that_was_answered_is_in_the_log_in_order_and_the_next_process_goes_on_with_it()
    {
        using var folder = new TempFolder();
        var settings = folder.Write("gateway.json", $$"""{ "admin_token": "{{Token}}" }""");
        var log = folder["audit.jsonl"];
        var answered = new ConcurrentDictionary<string, bool>();
        using (var gateway = Start())
        {
            var address = await AddressAsync(gateway);
            var calls = Enumerable.Range(0, Operators).Select(o => CallUntilKilledAsync(address, o, answered)).ToArray();
            await Wait.UntilAsync(() => answered.Count >= 300, Patience, () => $"only {answered.Count} calls were answered; {gateway.Errors}");
            gateway.Signal("KILL");
            await gateway.ExitAsync(Patience);
            await Task.WhenAll(calls);
        }

        var before = Accepted(log);
        Assert.Null(AuditChain.Verify(File.ReadAllBytes(log)));
        Assert.Empty(answered.Keys.Except(before.Select(Jti)));
        foreach (var of in before.Select(Jti).GroupBy(jti => jti.Split('-')[0]))
            Assert.Equal(Enumerable.Range(0, of.Count()).Select(n => $"{of.Key}-{n}"), of);

        using var next = Start();
        Assert.True(await CallAsync(await AddressAsync(next), "after"));
        Assert.Null(AuditChain.Verify(File.ReadAllBytes(log)));
        var after = Accepted(log);
        Assert.Equal(before.Select(Jti).Append("after"), after.Select(Jti));

        ChaosProcess Start() => ChaosProcess.Start("gateway", "--listen", "127.0.0.1:0", "--settings", settings, "--audit", log);
    }

    private static async Task<Uri> AddressAsync(ChaosProcess gateway)
    {
        await Wait.UntilAsync(() => gateway.Output.Contains("gateway.ready", StringComparison.Ordinal) || gateway.HasExited, Patience, () => gateway.Errors);
        Assert.False(gateway.HasExited, gateway.Errors);
        var line = gateway.Output.Split('\n').First(l => l.Contains("gateway.ready", StringComparison.Ordinal));
        return new Uri(JsonNode.Parse(line)!["address"]!.GetValue<string>());
    }

    private static async Task CallUntilKilledAsync(Uri address, int who, ConcurrentDictionary<string, bool> answered)
    {
        for (var n = 0; ; n++)
        {
            var jti = $"operator{who}-{n}";
            if (!await CallAsync(address, jti)) return;
            answered[jti] = true;
        }
    }

    /// <returns>False when nobody answered.</returns>
    private static async Task<bool> CallAsync(Uri address, string jti)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/admin/revoke"))
        {
            Content = new StringContent(JsonSerializer.Serialize(new Dictionary<string, string> { ["jti"] = jti }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        try
        {
            using var response = await Http.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static List<JsonObject> Accepted(string log) =>
    [
        .. File.ReadLines(log).Select(TryParse).OfType<JsonObject>()
            .Where(e => e["details"]!["decision"]?.GetValue<string>() == "accepted"),
    ];

    private static JsonObject? TryParse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            // The line that the kill has torn; the chain vouches for it.
            return null;
        }
    }

    private static string Jti(JsonObject entry) => entry["details"]!["details"]!["jti"]!.GetValue<string>();
}
