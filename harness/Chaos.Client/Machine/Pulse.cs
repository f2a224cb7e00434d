using System.Text.Json;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>Pings, their answers, and the silence after which a connection is dead.</summary>
internal sealed class Pulse(Surroundings around)
{
    private TimeSpan? _longestSilence;
    private TimeSpan? _heartbeat;
    private TimeSpan _deadAt = TimeSpan.MaxValue;
    private TimeSpan _heartbeatDue = TimeSpan.MaxValue;
    private bool _answers;

    public TimeSpan NextDue => _heartbeatDue < _deadAt ? _heartbeatDue : _deadAt;

    /// <summary>Takes the ping interval, in seconds, out of a connect reply.</summary>
    public void Start(JsonElement reply, TimeSpan now)
    {
        _answers = reply.Flag("pong"u8);
        var pingMs = Math.Clamp(reply.Number("ping"u8), 0, 86_400) * 1000;
        _longestSilence = Milliseconds(around.Parts.Liveness.LongestSilenceMs(pingMs, around.Options.Policy));
        _heartbeat = Milliseconds(around.Parts.Liveness.HeartbeatMs(pingMs));
        _heartbeatDue = _heartbeat is { } interval ? now + interval : TimeSpan.MaxValue;
        _deadAt = _longestSilence is { } silence ? now + silence : TimeSpan.MaxValue;
    }

    public void Alive(TimeSpan at)
    {
        if (_longestSilence is { } silence && at + silence > _deadAt)
            _deadAt = at + silence;
    }

    public void Pinged()
    {
        if (_answers)
            around.Wire.Send(FrameWriter.Pong);
    }

    /// <returns>True when the connection is dead.</returns>
    public bool Tick(TimeSpan now)
    {
        if (now >= _deadAt)
            return true;
        if (now >= _heartbeatDue)
        {
            around.Wire.Send(FrameWriter.Pong);
            _heartbeatDue = now + _heartbeat!.Value;
        }

        return false;
    }

    private static TimeSpan? Milliseconds(double? value) => value is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}
