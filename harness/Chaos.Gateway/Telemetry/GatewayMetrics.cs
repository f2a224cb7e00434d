using System.Diagnostics.Metrics;

namespace Chaos.Gateway.Telemetry;

/// <summary>
/// What a node reports. Each node has a meter of its own name, so that several nodes in one process (tests) are told apart.
/// Counters get their suffix <c>_total</c> from the Prometheus exporter.
/// </summary>
internal sealed class GatewayMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _publishes;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _disconnects;
    private readonly Counter<long> _resumes;
    private readonly Counter<long> _fills;

    public GatewayMetrics()
    {
        MeterName = "Chaos.Gateway." + Guid.NewGuid().ToString("N");
        _meter = new Meter(MeterName);
        _active = _meter.CreateUpDownCounter<long>("chaos_connections_active", description: "Connections that are authenticated.");
        _connections = _meter.CreateCounter<long>("chaos_connections", description: "Connections by how their establishment ended.");
        _messages = _meter.CreateCounter<long>("chaos_messages", description: "Protocol messages in and out.");
        _publishes = _meter.CreateCounter<long>("chaos_publishes", description: "Publish commands by outcome.");
        _errors = _meter.CreateCounter<long>("chaos_errors", description: "Error replies by endpoint and code.");
        _disconnects = _meter.CreateCounter<long>("chaos_disconnects", description: "Ended authenticated connections by close code; 1006 without one.");
        _resumes = _meter.CreateCounter<long>("chaos_resumes", description: "Uses of resume tokens by outcome.");
        _fills = _meter.CreateCounter<long>("chaos_stream_fills", description: "Streams completed from history because live publications were missed.");
    }

    /// <summary>Name of the meter, for the exporter.</summary>
    public string MeterName { get; }

    public Meter Meter => _meter;

    public void Connected(long delta) => _active.Add(delta);

    public void Connection(string outcome) => _connections.Add(1, Tag("outcome", outcome));

    public void Message(string direction, int count = 1) => _messages.Add(count, Tag("direction", direction));

    public void Publish(string outcome) => _publishes.Add(1, Tag("outcome", outcome));

    public void Error(string endpoint, int code) => _errors.Add(1, Tag("endpoint", endpoint), Tag("code", code));

    public void Disconnect(int code) => _disconnects.Add(1, Tag("code", code));

    public void Resume(string outcome) => _resumes.Add(1, Tag("outcome", outcome));

    public void Fill(string outcome) => _fills.Add(1, Tag("outcome", outcome));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
