using System.Text.Json;
using Chaos.Proxy.Links;
using Chaos.Proxy.WebSockets;

namespace Chaos.Proxy.Ledger;

/// <summary>The kinds of lines.</summary>
internal sealed partial class LedgerWriter
{
    public void Ready(string address) => Write("proxy.ready", null, address, static (json, address) => json.WriteString("address", address));

    public void Opened(string link, long conn, IReadOnlyDictionary<string, string> labels) => Write("ledger.opened", link, (link, conn, labels), static (json, line) =>
    {
        json.WriteString("link", line.link);
        json.WriteNumber("conn", line.conn);
        json.WriteStartObject("labels");
        foreach (var (name, value) in line.labels)
            json.WriteString(name, value);
        json.WriteEndObject();
    });

    /// <summary>A WebSocket handshake was answered.</summary>
    public void Handshake(string link, long conn, string? client, int status, string by, long arrivedNs) =>
        Answered("ledger.handshake", link, conn, client, status, by, arrivedNs);

    /// <summary>A plain HTTP request was answered.</summary>
    public void Answer(string link, long conn, string? client, int status, string by, long arrivedNs) =>
        Answered("ledger.answer", link, conn, client, status, by, arrivedNs);

    private void Answered(string kind, string link, long conn, string? client, int status, string by, long arrivedNs) =>
        Write(kind, link, (link, conn, client, status, by, arrivedAt: Clock.ToUs(arrivedNs)), static (json, line) =>
        {
            json.WriteString("link", line.link);
            json.WriteNumber("conn", line.conn);
            Optional(json, "client", line.client);
            json.WriteNumber("status", line.status);
            json.WriteString("by", line.by);
            json.WriteNumber("arrived_at", line.arrivedAt);
        });

    public void Closed(string link, LinkConnection connection, Ending ending) => Write("ledger.closed", link, (link, connection, ending, Clock), static (json, line) =>
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

    public void Fault(string link, string fault, string type, string state) => Write("ledger.fault", link, (link, fault, type, state), static (json, line) =>
    {
        json.WriteString("link", line.link);
        json.WriteString("fault", line.fault);
        json.WriteString("type", line.type);
        json.WriteString("state", line.state);
    });

    /// <param name="refusal">Why a fault that would have hit did not.</param>
    public void Roll(string link, string fault, long conn, bool hit, string? refusal) => Write("ledger.roll", link, (link, fault, conn, hit, refusal), static (json, line) =>
    {
        json.WriteString("link", line.link);
        json.WriteString("fault", line.fault);
        json.WriteNumber("conn", line.conn);
        json.WriteBoolean("hit", line.hit);
        Optional(json, "refusal", line.refusal);
    });

    /// <summary>A ping, pong or close frame went by.</summary>
    public void Control(string link, long conn, string stream, int opcode) => Write("ledger.control", link, (link, conn, stream, opcode), static (json, line) =>
    {
        json.WriteString("link", line.link);
        json.WriteNumber("conn", line.conn);
        json.WriteString("stream", line.stream);
        json.WriteString("frame", line.opcode switch { FrameReader.CloseOpcode => "close", FrameReader.PingOpcode => "ping", FrameReader.PongOpcode => "pong", _ => "other" });
    }, mayDrop: true);

    public void Injected(string link, string fault, long conn, string stream, long item, string action, long configuredUs, long observedUs, int bytes) =>
        Write("ledger.injected", link, (link, fault, conn, stream, item, action, configuredUs, observedUs, bytes), static (json, line) =>
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
        Write("ledger.overhead", link, (link, open, items, p50Us, p99Us, maxUs), static (json, line) =>
        {
            json.WriteString("link", line.link);
            json.WriteNumber("open", line.open);
            json.WriteNumber("items", line.items);
            json.WriteNumber("p50_us", line.p50Us);
            json.WriteNumber("p99_us", line.p99Us);
            json.WriteNumber("max_us", line.maxUs);
        });

    /// <summary>The halt was put on or released.</summary>
    /// <param name="removed">Faults that it removed.</param>
    public void Halt(string state, string? reason, int removed) => Write("ledger.halt", null, (state, reason, removed), static (json, line) =>
    {
        json.WriteString("state", line.state);
        Optional(json, "reason", line.reason);
        json.WriteNumber("removed", line.removed);
    });

    /// <summary>The configuration file was read again.</summary>
    /// <param name="error">What was wrong with it.</param>
    public void Reload(bool ok, int added, int replaced, int removed, int faults, string? error) => Write("ledger.reload", null, (ok, added, replaced, removed, faults, error), static (json, line) =>
    {
        json.WriteBoolean("ok", line.ok);
        json.WriteNumber("added", line.added);
        json.WriteNumber("replaced", line.replaced);
        json.WriteNumber("removed", line.removed);
        json.WriteNumber("faults", line.faults);
        Optional(json, "error", line.error);
    });

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
}
