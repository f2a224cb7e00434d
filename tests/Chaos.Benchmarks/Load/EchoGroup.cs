using System.Diagnostics;
using System.Net;
using HdrHistogram;

namespace Chaos.Benchmarks.Load;

/// <summary>
/// A number of connections, each with a thread of its own that plays ping-pong: it sends the next message when the echo of the last
/// has come back. A closed loop: it tells throughput at this concurrency and the round trip under it, not the delay at a given offered load.
/// </summary>
internal sealed class EchoGroup : IDisposable
{
    private const long LongestNs = 60_000_000_000;
    private readonly EchoConnection[] _connections;
    private readonly LongHistogram[] _histograms;

    public EchoGroup(IPEndPoint server, int connections)
    {
        _connections = [.. Enumerable.Range(0, connections).Select(i => EchoConnection.Open(server, $"c-{i}"))];
        _histograms = [.. _connections.Select(_ => CreateHistogram())];
    }

    /// <summary>A histogram of nanoseconds, three digits exact.</summary>
    public static LongHistogram CreateHistogram() => new(1, LongestNs, 3);

    /// <summary>Plays for a time and adds the round trips, in nanoseconds, to the histogram.</summary>
    public void Play(EchoFrames frames, TimeSpan time, LongHistogram roundTrips)
    {
        var until = long.MaxValue;
        using var start = new Barrier(_connections.Length, _ => until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));
        var failures = new Exception?[_connections.Length];
        var threads = _connections.Select((connection, i) => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                PlayOne(connection, frames, until, _histograms[i]);
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        }) { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        if (failures.FirstOrDefault(e => e is not null) is { } failure) throw new InvalidOperationException($"A connection failed: {failure.Message}", failure);

        foreach (var histogram in _histograms)
        {
            roundTrips.Add(histogram);
            histogram.Reset();
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    private static void PlayOne(EchoConnection connection, EchoFrames frames, long until, LongHistogram histogram)
    {
        var sent = Stopwatch.GetTimestamp();
        while (sent < until)
        {
            connection.Exchange(frames);
            var now = Stopwatch.GetTimestamp();
            if (now <= until) histogram.RecordValue((long)Stopwatch.GetElapsedTime(sent, now).TotalNanoseconds);
            sent = now;
        }
    }
}
