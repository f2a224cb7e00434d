using System.Text.Json;
using Chaos.Client;
using Chaos.Load.Feeds;
using Chaos.Load.Recording;

namespace Chaos.Load.Fleets;

/// <summary>The application above one reference client: writes down everything it sees.</summary>
internal sealed class FleetObserver(FleetRecorder recorder, ClientRecord record, Feed? feed) : IClientObserver
{
    public void Attempt(int attempt, double delayMs) => record.Attempt(recorder.NowUs, attempt, delayMs);

    public void Connected(string? session, bool resumed, string? node) => record.Connected(recorder.NowUs, session, resumed, node);

    public void Disconnected(string cause, int? code, string? reason, bool terminal) =>
        record.Disconnected(recorder.NowUs, cause, code, reason, terminal);

    public void Subscribed(string channel, bool wasRecovering, bool recovered, string? epoch, long offset) =>
        record.Subscribed(recorder.NowUs, channel, wasRecovering, recovered, epoch, offset);

    public void Unsubscribed(string channel, int code, string? reason) => record.Unsubscribed(recorder.NowUs, channel, code, reason);

    public void Publication(string channel, JsonElement data, long offset)
    {
        var at = recorder.NowUs;
        if (FeedPayload.TryRead(data, out var publisher, out var n, out var dueUs))
            record.Delivered(at, channel, publisher, [n], [dueUs], [at - dueUs]);
        else
            record.Error(at, null, $"publication on {channel} without p, n and t");
    }

    public void PublishAcked(string channel, string mid) => feed?.Acked(record, recorder.NowUs, channel, mid);

    public void PublishFailed(string channel, string mid, int code, string message) =>
        feed?.Failed(record, recorder.NowUs, channel, mid, code, message);

    public void Token(string purpose) => record.Token(recorder.NowUs, purpose);

    public void Error(int? code, string message) => record.Error(recorder.NowUs, code, message);
}
