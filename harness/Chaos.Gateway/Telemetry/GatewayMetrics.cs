using System.Diagnostics.Metrics;

namespace Chaos.Gateway.Telemetry;

/// <summary>Name of a node's meter, by which the exporter finds it.</summary>
internal sealed record GatewayMeterName(string Value)
{
    public static GatewayMeterName New() => new("Chaos.Gateway." + Guid.NewGuid().ToString("N"));
}

/// <summary>
/// What a node reports. Each node has a meter of its own name, so that several nodes in one process (tests) are told apart.
/// Counters get their suffix <c>_total</c> from the Prometheus exporter.
/// </summary>
internal class GatewayMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _publishes;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _disconnects;
    private readonly Counter<long> _resumes;
    private readonly Counter<long> _forks;
    private readonly Counter<long> _fills;
    private readonly Histogram<double> _roundTrip;

    public GatewayMetrics(GatewayMeterName name)
    {
        _meter = new Meter(name.Value);
        _active = _meter.CreateUpDownCounter<long>("chaos_connections_active", description: "Connections that are authenticated.");
        _connections = _meter.CreateCounter<long>("chaos_connections", description: "Connections by how their establishment ended.");
        _messages = _meter.CreateCounter<long>("chaos_messages", description: "Protocol messages in and out.");
        _publishes = _meter.CreateCounter<long>("chaos_publishes", description: "Publish commands by outcome.");
        _errors = _meter.CreateCounter<long>("chaos_errors", description: "Error replies by endpoint and code.");
        _disconnects = _meter.CreateCounter<long>("chaos_disconnects", description: "Ended authenticated connections by close code; 1006 without one.");
        _resumes = _meter.CreateCounter<long>("chaos_resumes", description: "Uses of resume tokens by outcome.");
        _forks = _meter.CreateCounter<long>("chaos_session_forks", description: "Sessions that went on in two regions at once, by the region that was kept and the one that was ended.");
        _roundTrip = _meter.CreateHistogram<double>(RoundTripName, description: "Time from a ping to its pong.");
        _fills = _meter.CreateCounter<long>("chaos_stream_fills", description: "Streams completed from history because live publications were missed.");
    }

    public const string RoundTripName = "chaos_rtt_seconds";

    /// <summary>Upper bounds of the round trips' classes, in seconds: within 10 % of each other where links between people and regions lie.</summary>
    public static double[] RoundTripBounds { get; } =
    [
        0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2, 0.22,
        0.24, 0.27, 0.3, 0.35, 0.4, 0.5, 0.75, 1, 2, 5, 10,
    ];

    public Meter Meter => _meter;

    public virtual void Connected(long delta) => _active.Add(delta);

    public virtual void Connection(string outcome) => _connections.Add(1, Tag("outcome", outcome));

    public void Message(string direction, int count = 1) => _messages.Add(count, Tag("direction", direction));

    public void Publish(string outcome) => _publishes.Add(1, Tag("outcome", outcome));

    public virtual void Error(string endpoint, int code) => _errors.Add(1, Tag("endpoint", endpoint), Tag("code", code));

    public void Disconnect(int code) => _disconnects.Add(1, Tag("code", code));

    public virtual void Resume(string outcome) => _resumes.Add(1, Tag("outcome", outcome));

    public void Fork(string kept, string ended) => _forks.Add(1, Tag("kept", kept), Tag("ended", ended));

    public void Fill(string outcome) => _fills.Add(1, Tag("outcome", outcome));

    public virtual void RoundTrip(TimeSpan time) => _roundTrip.Record(time.TotalSeconds);

    public void Dispose()
    {
        _meter.Dispose();
        GC.SuppressFinalize(this);
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
