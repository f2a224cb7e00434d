using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Load.Feeds;
using Chaos.Load.Scripts;
using Chaos.Load.Tokens;

namespace Chaos.Load.Histories;

/// <summary>Reads what a gateway keeps of a channel, over the protocol, as any client may.</summary>
/// <param name="tokens">Issues the token to connect with.</param>
/// <param name="tenant">Tenant of the channels.</param>
/// <param name="time">Clock of deadlines.</param>
public sealed class HistoryReader(TokenIssuer tokens, string tenant, TimeProvider time)
{
    private const double PatienceMs = 5_000;
    private static readonly TimeSpan TokenTtl = TimeSpan.FromMinutes(1);

    /// <summary>The messages of a feed that channels hold, oldest first, each as its idempotency key: <c>c-0001/17</c>.</summary>
    /// <param name="gateway">WebSocket address of a node.</param>
    /// <param name="channels">The channels, with their tenant.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <exception cref="InvalidOperationException">The gateway does not give it.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadAsync(Uri gateway, IReadOnlyList<string> channels, CancellationToken cancel)
    {
        await using var connection = new ScriptConnection(time);
        if (await connection.ConnectAsync(gateway, new ScriptHandshake(), cancel).ConfigureAwait(false) is { } failure) throw new InvalidOperationException($"{gateway}: {failure}");
        await AskAsync(connection, 1, "connect", new JsonObject { ["token"] = tokens.Connect("historian", tenant, TokenTtl) }, cancel).ConfigureAwait(false);
        var histories = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (index, channel) in channels.Index())
        {
            var reply = await AskAsync(connection, index + 2, "history", new JsonObject { ["channel"] = channel, ["limit"] = -1 }, cancel).ConfigureAwait(false);
            histories[channel] = [.. Messages(reply)];
        }

        return histories;
    }

    private static IEnumerable<string> Messages(JsonNode reply)
    {
        foreach (var publication in reply["history"]?["publications"] as JsonArray ?? [])
        {
            if (FeedPayload.TryRead(publication!["data"].Deserialize<JsonElement>(), out var publisher, out var n, out _)) yield return FeedPayload.Mid(publisher, n);
        }
    }

    private static async Task<JsonNode> AskAsync(ScriptConnection connection, int id, string method, JsonObject body, CancellationToken cancel)
    {
        await connection.SendAsync(new JsonObject { ["id"] = id, [method] = body }.ToJsonString(), cancel).ConfigureAwait(false);
        var reply = await connection.TakeAsync(PatienceMs, [], a => a.Json?["id"]?.GetValue<int>() == id, cancel).ConfigureAwait(false);
        if (reply?.Json is not { } json) throw new InvalidOperationException($"no reply to {method} within {PatienceMs:0} ms");
        return json["error"] is { } error ? throw new InvalidOperationException($"{method} was refused: {error.ToJsonString()}") : json;
    }
}
