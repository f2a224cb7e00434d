using System.Buffers;
using System.Text.Json;
using Chaos.Proxy.Links;
using Chaos.Proxy.WebSockets;

namespace Chaos.Proxy.Ledger;

/// <summary>
/// Writes what the proxy did and saw as JSON lines. Lines are formatted where they happen, into one buffer; a background
/// loop writes it out in batches. Memory is bounded: when the disk falls too far behind, lines about single items are
/// left out and counted, all others are kept.
/// </summary>
internal sealed class LedgerWriter : IAsyncDisposable
{
    private const int MaxBufferedBytes = 32 * 1024 * 1024;
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _pending = new(0);
    private readonly Stream? _output;
    private readonly Utf8JsonWriter? _json;
    private readonly Task _loop;
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _writing = new();
    private bool _signalled;
    private bool _stopped;
    private long _dropped;

    /// <param name="output">Where lines go; null for nowhere.</param>
    public LedgerWriter(Stream? output)
    {
        _output = output;
        _json = output is null ? null : new Utf8JsonWriter(_filling);
        _loop = output is null ? Task.CompletedTask : Task.Run(WriteOutAsync);
    }

    public LedgerClock Clock { get; } = new();

    /// <summary>Lines left out because the output was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Ready(string address) => Write("proxy.ready", address, static (json, address) => json.WriteString("address", address));

    public void Opened(string link, long conn, IReadOnlyDictionary<string, string> labels) => Write("ledger.opened", (link, conn, labels), static (json, line) =>
    {
        json.WriteString("link", line.link);
        json.WriteNumber("conn", line.conn);
        json.WriteStartObject("labels");
        foreach (var (name, value) in line.labels)
            json.WriteString(name, value);
        json.WriteEndObject();
    });

    public void Handshake(string link, long conn, string? client, int status, string by, long arrivedNs) =>
        Write("ledger.handshake", (link, conn, client, status, by, arrivedAt: Clock.ToUs(arrivedNs)), static (json, line) =>
        {
            json.WriteString("link", line.link);
            json.WriteNumber("conn", line.conn);
            Optional(json, "client", line.client);
            json.WriteNumber("status", line.status);
            json.WriteString("by", line.by);
            json.WriteNumber("arrived_at", line.arrivedAt);
        });

    public void Closed(string link, LinkConnection connection, Ending ending) => Write("ledger.closed", (link, connection, ending, Clock), static (json, line) =>
    {
        var (connection, ending) = (line.connection, line.ending);
        json.WriteString("link", line.link);
        json.WriteNumber("conn", connection.Ordinal);
        Optional(json, "client", connection.Client);
        json.WriteString("by", ending.By);
        json.WriteString("how", ending.How);
        if (ending.Code is { } code) json.WriteNumber("code", code);
        Optional(json, "reason", ending.Reason);
        Optional(json, "fault", ending.Fault);
        json.WriteNumber("bytes_up", connection.Up?.Counters.Bytes ?? 0);
        json.WriteNumber("bytes_down", connection.Down?.Counters.Bytes ?? 0);
        json.WriteNumber("frames_up", connection.Up?.FramesDelivered ?? 0);
        json.WriteNumber("frames_down", connection.Down?.FramesDelivered ?? 0);
        Opcodes(json, "opcodes_up", connection.Up);
        Opcodes(json, "opcodes_down", connection.Down);
        json.WriteNumber("last_down_at", line.Clock.ToUs(connection.Down?.Counters.LastNs ?? 0));
        json.WriteNumber("last_up_at", line.Clock.ToUs(connection.Up?.Counters.LastNs ?? 0));
    });

    public void Fault(string link, string fault, string type, string state) => Write("ledger.fault", (link, fault, type, state), static (json, line) =>
    {
        json.WriteString("link", line.link);
        json.WriteString("fault", line.fault);
        json.WriteString("type", line.type);
        json.WriteString("state", line.state);
    });

    /// <param name="refusal">Why a fault that would have hit did not.</param>
    public void Roll(string link, string fault, long conn, bool hit, string? refusal) => Write("ledger.roll", (link, fault, conn, hit, refusal), static (json, line) =>
    {
        json.WriteString("link", line.link);
        json.WriteString("fault", line.fault);
        json.WriteNumber("conn", line.conn);
        json.WriteBoolean("hit", line.hit);
        Optional(json, "refusal", line.refusal);
    });

    /// <summary>A ping, pong or close frame went by.</summary>
    public void Control(string link, long conn, string stream, int opcode) => Write("ledger.control", (link, conn, stream, opcode), static (json, line) =>
    {
        json.WriteString("link", line.link);
        json.WriteNumber("conn", line.conn);
        json.WriteString("stream", line.stream);
        json.WriteString("frame", line.opcode switch { FrameReader.CloseOpcode => "close", FrameReader.PingOpcode => "ping", FrameReader.PongOpcode => "pong", _ => "other" });
    }, mayDrop: true);

    public void Injected(string link, string fault, long conn, string stream, long item, string action, long configuredUs, long observedUs, int bytes) =>
        Write("ledger.injected", (link, fault, conn, stream, item, action, configuredUs, observedUs, bytes), static (json, line) =>
        {
            json.WriteString("link", line.link);
            json.WriteString("fault", line.fault);
            json.WriteNumber("conn", line.conn);
            json.WriteString("stream", line.stream);
            json.WriteNumber("item", line.item);
            json.WriteString("action", line.action);
            json.WriteNumber("configured_us", line.configuredUs);
            json.WriteNumber("observed_us", line.observedUs);
            json.WriteNumber("bytes", line.bytes);
        }, mayDrop: true);

    public void Overhead(string link, int open, long items, double p50Us, double p99Us, double maxUs) =>
        Write("ledger.overhead", (link, open, items, p50Us, p99Us, maxUs), static (json, line) =>
        {
            json.WriteString("link", line.link);
            json.WriteNumber("open", line.open);
            json.WriteNumber("items", line.items);
            json.WriteNumber("p50_us", line.p50Us);
            json.WriteNumber("p99_us", line.p99Us);
            json.WriteNumber("max_us", line.maxUs);
        });

    /// <summary>Writes out what is left, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_output is null) return;
        bool first;
        lock (_gate)
        {
            first = !_stopped;
            _stopped = true;
        }
        if (first) _pending.Release();
        await _loop.ConfigureAwait(false);
        _pending.Dispose();
        await _json!.DisposeAsync().ConfigureAwait(false);
    }

    // Which kinds of frames came; nothing for TCP.
    private static void Opcodes(Utf8JsonWriter json, string name, Lane? lane)
    {
        if (lane is not { IsFramed: true }) return;
        json.WriteStartObject(name);
        for (var i = 0; i < OpcodeCounters.Names.Length; i++)
        {
            if (lane.Seen.Read(i) is > 0 and var count) json.WriteNumber(OpcodeCounters.Names[i], count);
        }
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private void Write<T>(string kind, T line, Action<Utf8JsonWriter, T> members, bool mayDrop = false)
    {
        if (_json is null) return;
        lock (_gate)
        {
            if (_stopped) return;
            if (mayDrop && _filling.WrittenCount > MaxBufferedBytes)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            _json.Reset(_filling);
            _json.WriteStartObject();
            _json.WriteString(Kind, kind);
            _json.WriteNumber("at", Clock.NowUs);
            members(_json, line);
            _json.WriteEndObject();
            _json.Flush();
            _filling.Write("\n"u8);
            if (_signalled) return;
            _signalled = true;
        }
        _pending.Release();
    }

    private async Task<bool> TryWriteOutAsync()
    {
        try
        {
            await _output!.WriteAsync(_writing.WrittenMemory).ConfigureAwait(false);
            await _output.FlushAsync().ConfigureAwait(false);
            return true;
        }
        catch (IOException e)
        {
            // The reader of the pipe is gone, or the disk is full. Traffic goes on; there is nobody to record it for.
            await Console.Error.WriteLineAsync($"ledger: {e.Message}; no more lines are written").ConfigureAwait(false);
            lock (_gate)
                _stopped = true;
            return false;
        }
    }

    private async Task WriteOutAsync()
    {
        while (true)
        {
            await _pending.WaitAsync().ConfigureAwait(false);
            bool stopped;
            lock (_gate)
            {
                (_filling, _writing) = (_writing, _filling);
                _signalled = false;
                stopped = _stopped;
            }
            if (_writing.WrittenCount > 0)
            {
                if (!await TryWriteOutAsync().ConfigureAwait(false)) return;
                _writing.ResetWrittenCount();
            }
            if (stopped) return;
        }
    }
}
