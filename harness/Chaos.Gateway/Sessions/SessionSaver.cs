using System.Collections.Concurrent;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Resume;
using Chaos.Gateway.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Sessions;

/// <summary>
/// Saves changed sessions, many at a time, so that connecting and subscribing do not wait for it. Positions in a saved state are behind
/// rather than ahead of what a client has, so a save that comes late costs a repeated publication, never a lost one.
/// </summary>
internal sealed class SessionSaver(IResumeStore store, GatewaySettings settings, TimeProvider time, ILogger<SessionSaver> log) : BackgroundService
{
    // While Redis is away, ended sessions wait here; more than this are given up, oldest or newest makes no difference to a client.
    private const int MaxWaiting = 20_000;
    private const int BatchSize = 256;
    private readonly ConcurrentDictionary<Session, bool> _changed = new();
    private readonly ConcurrentQueue<(SessionLease Lease, SessionState State)> _ended = new();

    /// <summary>A live session has changed.</summary>
    public void Mark(Session session) => _changed[session] = true;

    /// <summary>A session has ended.</summary>
    public void Add(SessionLease lease, SessionState state)
    {
        if (_ended.Count < MaxWaiting) _ended.Enqueue((lease, state));
        else log.LogWarning("session {Session} cannot be saved: too many wait", lease.Session);
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        var batch = new List<(SessionLease, SessionState)>();
        foreach (var session in _changed.Keys)
        {
            if (_changed.TryRemove(session, out _) && session.Saved() is { } saved) _ended.Enqueue(saved);
        }
        while (!_ended.IsEmpty)
        {
            batch.Clear();
            while (batch.Count < BatchSize && _ended.TryDequeue(out var next)) batch.Add(next);
            try
            {
                await store.SaveAsync(batch, cancel);
            }
            catch (DependencyUnavailableException)
            {
                batch.ForEach(_ended.Enqueue);
                throw;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(settings.Resume.SaveIntervalMs), time, stoppingToken);
                try
                {
                    await FlushAsync(stoppingToken);
                }
                catch (DependencyUnavailableException e)
                {
                    log.LogDebug("sessions wait to be saved: {Reason}", e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.LogDebug("stopping");
        }
    }
}
