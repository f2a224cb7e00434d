using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chaos.Gateway.Streams;

namespace Chaos.Gateway.Protocol;

/// <summary>Writes what the gateway sends, one message each, without the newline between messages.</summary>
internal static class Replies
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Ping { get; } = "{}"u8.ToArray();

    /// <summary>A reply with the method's name and a body.</summary>
    public static ReadOnlyMemory<byte> Reply(uint id, string method, Action<Utf8JsonWriter>? body = null) => Write(json =>
    {
        json.WriteNumber("id"u8, id);
        json.WriteStartObject(method);
        body?.Invoke(json);
        json.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Error(uint id, ProtocolError error) => Write(json =>
    {
        json.WriteNumber("id"u8, id);
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        if (error.Temporary) json.WriteBoolean("temporary"u8, true);
        json.WriteEndObject();
    });

    /// <summary>An empty reply to a publish, as it is stored for idempotency.</summary>
    public static ReadOnlyMemory<byte> Published(uint id) => Reply(id, "publish");

    public static ReadOnlyMemory<byte> Unsubscribe(string channel, int code, string reason) => Write(json =>
    {
        json.WriteStartObject("push"u8);
        json.WriteString("channel"u8, channel);
        json.WriteStartObject("unsubscribe"u8);
        json.WriteNumber("code"u8, code);
        json.WriteString("reason"u8, reason);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>A publication as a push. Serialised once for all subscribers of a node.</summary>
    public static ReadOnlyMemory<byte> Push(string channel, Publication publication) => Write(json =>
    {
        json.WriteStartObject("push"u8);
        json.WriteString("channel"u8, channel);
        json.WriteStartObject("pub"u8);
        WriteBody(json, publication);
        json.WriteEndObject();
        json.WriteEndObject();
    }, publication.Data.Length + 128);

    public static void WritePublications(Utf8JsonWriter json, IReadOnlyList<Publication> publications)
    {
        json.WriteStartArray("publications"u8);
        foreach (var publication in publications)
        {
            json.WriteStartObject();
            WriteBody(json, publication);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The newest number of each origin, as a client hands it back in another region.</summary>
    public static void WriteSeen(Utf8JsonWriter json, IReadOnlyDictionary<string, long>? seen)
    {
        if (seen is not { Count: > 0 }) return;
        json.WriteStartObject("data"u8);
        json.WriteStartObject("seen"u8);
        foreach (var (origin, seq) in seen) json.WriteNumber(origin, seq);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteExpiry(Utf8JsonWriter json, long? ttlSeconds)
    {
        if (ttlSeconds is not { } ttl) return;
        json.WriteBoolean("expires"u8, true);
        json.WriteNumber("ttl"u8, ttl);
    }

    private static void WriteBody(Utf8JsonWriter json, Publication publication)
    {
        json.WritePropertyName("data"u8);
        json.WriteRawValue(publication.Data.Span, skipInputValidation: true);
        json.WriteNumber("offset"u8, publication.Offset);
        if (publication.From is not { } from) return;
        // The place for what an application adds about a message: a client that goes to another region needs it to find its place there.
        json.WriteStartObject("tags"u8);
        json.WriteString("origin"u8, from.Stream);
        json.WriteString("seq"u8, from.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> body, int capacity = 256)
    {
        var buffer = new ArrayBufferWriter<byte>(capacity);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        body(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
