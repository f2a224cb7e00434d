using Chaos.Journal.Events;
using Chaos.Load.Fleets;
using Chaos.Load.Recording;

namespace Chaos.Load.Feeds;

/// <summary>Hands a message to its publisher, which buffers it while it is disconnected. Must not block.</summary>
internal delegate void PublishMessage(int line, string channel, ReadOnlyMemory<byte> payload, string mid);

/// <summary>
/// Publishes in an open loop: a message is handed over when it is due, whatever became of earlier ones, and its times are
/// counted from when it was due. A slow gateway so cannot slow its own measurement down (no coordinated omission).
/// </summary>
internal sealed class Feed : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(20);

    private readonly FleetSpec _spec;
    private readonly FleetRecorder _recorder;
    private readonly IReadOnlyList<FeedLine> _lines;
    private readonly FeedTally[] _tallies;
    private readonly Dictionary<string, int> _lineOf;
    private readonly PublishMessage _publish;
    private readonly CancellationTokenSource _stop = new();
    private FeedSchedule? _schedule;
    private Task _pump = Task.CompletedTask;
    private bool _reported;

    /// <param name="lines">Who publishes where; a publisher has one line.</param>
    public Feed(FleetSpec spec, FleetRecorder recorder, IReadOnlyList<FeedLine> lines, PublishMessage publish)
    {
        (_spec, _recorder, _lines, _publish) = (spec, recorder, lines, publish);
        _tallies = [.. lines.Select(_ => new FeedTally())];
        _lineOf = lines.Select((line, index) => (line.Publisher, index)).ToDictionary(pair => pair.Publisher, pair => pair.index);
    }

    /// <summary>The lines with what was acknowledged of each.</summary>
    public IEnumerable<(FeedLine Line, NumberSnapshot Acked)> Acknowledged() => _lines.Select((line, index) => (line, _tallies[index].Acked()));

    public void Start()
    {
        if (_schedule is not null) return;
        _schedule = new FeedSchedule(_lines, _spec.Feed!.RatePerSecond, _spec.Seed, _spec.Clock.NowUs);
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Nothing more becomes due. Waits until what was due has been acknowledged or refused, then writes feed.stopped for each line.</summary>
    public async Task StopAsync(TimeSpan timeout, CancellationToken cancel)
    {
        if (_schedule is null || _reported) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        var time = _spec.Clock.Time;
        var began = time.GetTimestamp();
        while (!Array.TrueForAll(_tallies, tally => tally.IsSettled) && time.GetElapsedTime(began) < timeout)
            await Task.Delay(PollEvery, time, cancel).ConfigureAwait(false);
        _reported = true;
        _recorder.Flush();
        for (var line = 0; line < _lines.Count; line++)
            _recorder.Write(new FeedStopped(_lines[line].Publisher, _lines[line].Channel, _tallies[line].Due, _tallies[line].LastAcked));
    }

    /// <summary>A publish of <paramref name="client"/> was acknowledged.</summary>
    public void Acked(ClientRecord client, long at, string channel, string mid)
    {
        if (!TryFind(client, mid, out var line, out var n))
        {
            client.Error(at, null, $"acknowledgement of a publish that was never made: {mid} on {channel}");
            return;
        }

        // A resent publish may be acknowledged twice; it counts once.
        if (_tallies[line].Ack(n)) client.Acked(at, channel, n, _schedule!.DueUs(line, n));
    }

    /// <summary>A publish of <paramref name="client"/> was refused for good.</summary>
    public void Failed(ClientRecord client, long at, string channel, string mid, int code, string message)
    {
        if (!TryFind(client, mid, out var line, out var n))
        {
            client.Error(at, code, $"refusal of a publish that was never made: {mid} on {channel}: {message}");
            return;
        }

        _tallies[line].Refuse(n);
        client.PublishFailed(at, channel, n, code, message, _schedule!.DueUs(line, n));
    }

    public void Dispose() => _stop.Dispose();

    private bool TryFind(ClientRecord client, string mid, out int line, out long n)
    {
        n = 0;
        return _lineOf.TryGetValue(client.Name, out line) && FeedPayload.TryReadMid(client.Name, mid, out n) && n <= _tallies[line].Due;
    }

    private async Task PumpAsync()
    {
        var clock = _spec.Clock;
        for (long index = 0; ;)
        {
            var next = _schedule![index];
            var waitUs = next.DueUs - clock.NowUs;
            if (waitUs <= 0)
            {
                Publish(next);
                index++;
                continue;
            }

            try
            {
                await Task.Delay(TimeSpan.FromMicroseconds(waitUs), clock.Time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Publish(DueMessage message)
    {
        var (publisher, channel) = (_lines[message.Line].Publisher, _lines[message.Line].Channel);
        _tallies[message.Line].Due = message.N;
        var payload = FeedPayload.Create(publisher, message.N, message.DueUs, _spec.Feed!.Bytes);
        _publish(message.Line, channel, payload, FeedPayload.Mid(publisher, message.N));
    }
}
