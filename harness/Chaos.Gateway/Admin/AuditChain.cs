using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Gateway.Admin;

/// <summary>Checks audit logs: <see cref="Verify"/> says whether anything was changed, removed, swapped or put in between.</summary>
public static class AuditChain
{
    /// <summary>What the first entry names as the one before it.</summary>
    internal const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Action of the entry that vouches for a line torn by a crash.</summary>
    internal const string Recovered = "audit.recovered";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The first breach of the chain in words, or null when it is whole. What is missing at the end cannot be seen from the file alone.</summary>
    /// <param name="log">The file's bytes.</param>
    public static string? Verify(byte[] log)
    {
        var previous = Genesis;
        var sequence = 0L;
        byte[]? torn = null;
        foreach (var (number, bytes, entry) in Parse(log))
        {
            if (entry is null)
            {
                if (torn is not null) return $"line {number}: a second torn line without an entry between";
                torn = bytes;
                continue;
            }
            if (Text(entry, "prev") != previous) return $"line {number}: does not follow the entry before it";
            if (entry["seq"] is not JsonValue seq || !seq.TryGetValue<long>(out var n) || n != sequence + 1) return $"line {number}: out of sequence";
            if (Text(entry, "hash") is not { } hash || hash != Hash(entry)) return $"line {number}: was changed";
            if (torn is not null && !Vouches(entry, torn)) return $"line {number - 1}: not an entry, and nothing vouches for it";
            torn = null;
            (previous, sequence) = (hash, n);
        }
        // A torn last line is what a crash leaves before the next start.
        return null;
    }

    internal static IEnumerable<(int Number, byte[] Bytes, JsonObject? Entry)> Parse(byte[] log)
    {
        var number = 0;
        for (var at = 0; at < log.Length;)
        {
            number++;
            var end = Array.IndexOf(log, (byte)'\n', at);
            if (end < 0) end = log.Length;
            var line = log[at..end];
            yield return (number, line, TryParse(line));
            at = end + 1;
        }
    }

    /// <summary>SHA-256 of the entry's text without its hash.</summary>
    internal static string Hash(JsonObject entry)
    {
        var copy = entry.DeepClone().AsObject();
        copy.Remove("hash");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(copy.ToJsonString(Options))));
    }

    private static bool Vouches(JsonObject entry, byte[] torn) =>
        Text(entry, "action") == Recovered && entry["details"] is JsonObject details && Text(details, "torn_sha256") == Convert.ToHexStringLower(SHA256.HashData(torn));

    private static string? Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? TryParse(byte[] line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
