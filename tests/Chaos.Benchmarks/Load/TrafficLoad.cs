using System.Diagnostics;
using System.Net;

namespace Chaos.Benchmarks.Load;

/// <summary>
/// A number of connections that stay open. Each asks for the next unit when one has come back. A closed loop: it tells throughput at
/// this concurrency and the round trip under it, not the delay at a given offered load.
/// </summary>
internal sealed class TrafficLoad : ILoad
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TrafficConnection[] _connections;
    private readonly ThreadHistograms _times = new();
    private readonly ManualResetEventSlim _over = new();
    private int _busy;
    private Exception? _failure;
    private long _until;

    public TrafficLoad(IPEndPoint peer, Protocol protocol, byte mode, Traffic traffic, int connections) =>
        _connections = [.. Opening.OpenAllAsync(peer, protocol, mode, connections).GetAwaiter().GetResult().Select(socket => new TrafficConnection(socket, traffic, this))];

    public void Play(TimeSpan time, Tally tally)
    {
        _over.Reset();
        Volatile.Write(ref _busy, _connections.Length);
        Volatile.Write(ref _until, Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));
        foreach (var connection in _connections) connection.Begin();
        var rested = _over.Wait(time + Patience);
        if (Volatile.Read(ref _failure) is { } failure) throw new InvalidOperationException($"A connection failed: {failure.Message}", failure);
        if (!rested) throw new TimeoutException($"{Volatile.Read(ref _busy)} of {_connections.Length} connections got no answer within {Patience.TotalSeconds} s.");
        _times.MoveTo(tally.Times);
        foreach (var connection in _connections) tally.Bytes += connection.TakeBytes();
    }

    /// <summary>It is still time for another unit.</summary>
    public bool IsOn(long now) => now < Volatile.Read(ref _until);

    public void Record(long fromTimestamp, long toTimestamp) => _times.Record((long)Stopwatch.GetElapsedTime(fromTimestamp, toTimestamp).TotalNanoseconds);

    /// <summary>A connection has nothing under way any more.</summary>
    public void Rest()
    {
        if (Interlocked.Decrement(ref _busy) == 0) _over.Set();
    }

    public void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        _over.Set();
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
        _times.Dispose();
        _over.Dispose();
    }
}
