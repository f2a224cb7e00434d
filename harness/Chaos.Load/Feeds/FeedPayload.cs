using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Chaos.Load.Feeds;

/// <summary>
/// The payload of a feed: <c>{"mid":"c-0001/17","p":"c-0001","n":17,"t":1700000000000000,"pad":"…"}</c>, that is idempotency key,
/// publisher, its counter, due time in microseconds since the epoch, and padding up to the wanted size.
/// </summary>
internal static class FeedPayload
{
    private const int PadOverhead = 9; // ,"pad":""

    /// <summary>The payload as UTF-8, exactly <paramref name="bytes"/> long unless its members alone are longer.</summary>
    public static byte[] Create(string publisher, long n, long dueUs, int bytes)
    {
        var bare = Write(publisher, n, dueUs, null);
        var missing = bytes - bare.Length - PadOverhead;
        return missing < 0 ? bare : Write(publisher, n, dueUs, new string('x', missing));
    }

    /// <summary>The idempotency key of a message.</summary>
    public static string Mid(string publisher, long n) => $"{publisher}/{n}";

    /// <summary>The counter in an idempotency key of <paramref name="publisher"/>.</summary>
    public static bool TryReadMid(string publisher, string mid, out long n)
    {
        n = 0;
        return mid.Length > publisher.Length + 1 && mid.StartsWith(publisher, StringComparison.Ordinal) && mid[publisher.Length] == '/'
            && long.TryParse(mid.AsSpan(publisher.Length + 1), out n) && n > 0;
    }

    /// <summary>Reads what a publication says of itself; false when it is not one of a feed.</summary>
    public static bool TryRead(JsonElement data, [NotNullWhen(true)] out string? publisher, out long n, out long dueUs)
    {
        publisher = null;
        n = dueUs = 0;
        if (data.ValueKind != JsonValueKind.Object) return false;
        if (!data.TryGetProperty("p", out var p) || p.ValueKind != JsonValueKind.String) return false;
        if (!data.TryGetProperty("n", out var counter) || counter.ValueKind != JsonValueKind.Number || !counter.TryGetInt64(out n) || n < 1) return false;
        if (!data.TryGetProperty("t", out var t) || t.ValueKind != JsonValueKind.Number || !t.TryGetInt64(out dueUs)) return false;
        publisher = p.GetString()!;
        return true;
    }

    private static byte[] Write(string publisher, long n, long dueUs, string? pad)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("mid"u8, Mid(publisher, n));
            json.WriteString("p"u8, publisher);
            json.WriteNumber("n"u8, n);
            json.WriteNumber("t"u8, dueUs);
            if (pad is not null) json.WriteString("pad"u8, pad);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
