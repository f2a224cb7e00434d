using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Client.Protocol;

/// <summary>
/// Writes commands into one frame, separated by newlines. One writer a thread: frames are finished within one call of the
/// machine, so clients need no buffer of their own.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Lives as long as its thread, and its buffer is managed memory.")]
internal sealed class FrameWriter
{
    /// <summary>The answer to a ping, and an unasked heartbeat.</summary>
    public static ReadOnlyMemory<byte> Pong { get; } = "{}"u8.ToArray();

    [ThreadStatic]
    private static FrameWriter? _ofThread;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly Utf8JsonWriter _json;

    private FrameWriter() =>
        _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public int Length => _bytes.WrittenCount;

    public static FrameWriter Start()
    {
        var writer = _ofThread ??= new FrameWriter();
        writer._bytes.ResetWrittenCount();
        return writer;
    }

    public byte[] Finish() => _bytes.WrittenSpan.ToArray();

    public FrameWriter Connect(int id, string token, string name, JsonObject? data, string? resume)
    {
        Open(id, "connect"u8);
        _json.WriteString("token"u8, token);
        _json.WriteString("name"u8, name);
        if (data is not null || resume is not null)
        {
            _json.WriteStartObject("data"u8);
            foreach (var (key, value) in data ?? [])
            {
                if (resume is not null && key == "resume")
                    continue;
                _json.WritePropertyName(key);
                if (value is null)
                    _json.WriteNullValue();
                else
                    value.WriteTo(_json);
            }

            if (resume is not null)
                _json.WriteString("resume"u8, resume);
            _json.WriteEndObject();
        }

        return End();
    }

    public FrameWriter Subscribe(int id, string channel, string? token, bool recover, string? epoch, long offset, Dictionary<string, long>? seen = null)
    {
        Open(id, "subscribe"u8);
        _json.WriteString("channel"u8, channel);
        if (token is not null)
            _json.WriteString("token"u8, token);
        _json.WriteBoolean("positioned"u8, true);
        _json.WriteBoolean("recoverable"u8, true);
        if (recover)
        {
            _json.WriteBoolean("recover"u8, true);
            _json.WriteNumber("offset"u8, offset);
            _json.WriteString("epoch"u8, epoch);
            if (seen is not null)
                WriteSeen(seen);
        }

        return End();
    }

    private void WriteSeen(Dictionary<string, long> seen)
    {
        _json.WriteStartObject("data"u8);
        _json.WriteStartObject("seen"u8);
        foreach (var (origin, seq) in seen)
            _json.WriteNumber(origin, seq);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    public FrameWriter Unsubscribe(int id, string channel)
    {
        Open(id, "unsubscribe"u8);
        _json.WriteString("channel"u8, channel);
        return End();
    }

    public FrameWriter Publish(int id, string channel, ReadOnlySpan<byte> data)
    {
        Open(id, "publish"u8);
        _json.WriteString("channel"u8, channel);
        _json.WritePropertyName("data"u8);
        _json.WriteRawValue(data, skipInputValidation: true);
        return End();
    }

    public FrameWriter Refresh(int id, string token)
    {
        Open(id, "refresh"u8);
        _json.WriteString("token"u8, token);
        return End();
    }

    public FrameWriter SubRefresh(int id, string channel, string token)
    {
        Open(id, "sub_refresh"u8);
        _json.WriteString("channel"u8, channel);
        _json.WriteString("token"u8, token);
        return End();
    }

    private void Open(int id, ReadOnlySpan<byte> method)
    {
        if (_bytes.WrittenCount > 0)
            _bytes.Write("\n"u8);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("id"u8, id);
        _json.WriteStartObject(method);
    }

    private FrameWriter End()
    {
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        return this;
    }
}
