using Chaos.Gateway.Protocol;
using Chaos.Gateway.Sessions;

namespace Chaos.Gateway.Sockets;

/// <summary>How a node sends its sessions away.</summary>
internal interface IDrain
{
    /// <summary>Closes sessions over <paramref name="window"/>; at once where it is zero.</summary>
    Task CloseAllAsync(IReadOnlyCollection<Session> sessions, CloseReason reason, TimeSpan window, CancellationToken cancel);
}

/// <summary>One after another, spread evenly, so that their clients do not return all at once.</summary>
internal sealed class Drain(TimeProvider time) : IDrain
{
    public async Task CloseAllAsync(IReadOnlyCollection<Session> sessions, CloseReason reason, TimeSpan window, CancellationToken cancel)
    {
        var step = sessions.Count == 0 ? TimeSpan.Zero : window / sessions.Count;
        var started = time.GetTimestamp();
        var closed = 0;
        foreach (var session in sessions)
        {
            session.Close(reason);
            closed++;
            var ahead = (step * closed) - time.GetElapsedTime(started);
            if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, time, cancel);
        }
    }
}
