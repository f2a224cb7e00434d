using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Replication;

/// <summary>
/// Brings what is published in this region to the others, after the publisher has its reply: nobody waits for another region. One node of the region
/// does it at a time. That two do for a moment, or that a line is sent again because its reply was lost, changes nothing where it arrives.
/// </summary>
internal sealed class Replicator(Outbox outbox, IReplicas replicas, GatewaySettings settings, ReplicationMetrics metrics, TimeProvider time, ILogger<Replicator> log)
    : BackgroundService, ILiveListener
{
    // Publishing wakes it; what nothing is heard of, such as sessions, waits at most this long.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<string, SemaphoreSlim> _wake = settings.Replication.Peers.Keys.ToDictionary(p => p, _ => new SemaphoreSlim(0, 1), StringComparer.Ordinal);
    private readonly string _own = settings.Region + ":";
    private volatile bool _leads;

    public void Handle(LiveMessage message)
    {
        if (_leads && message is LiveMessage.Published { Publication.From: { } from } && from.Stream.StartsWith(_own, StringComparison.Ordinal)) Wake();
    }

    public ValueTask CompareAsync(CancellationToken cancel)
    {
        Wake();
        return ValueTask.CompletedTask;
    }

    public override void Dispose()
    {
        foreach (var wake in _wake.Values) wake.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll([LeadAsync(stoppingToken), .. _wake.Keys.Select(peer => RunAsync(peer, stoppingToken))]);

    private async Task LeadAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                try
                {
                    _leads = await outbox.LeadAsync(stop);
                }
                catch (DependencyUnavailableException e)
                {
                    // Without the store there is nothing to replicate either.
                    _leads = false;
                    log.LogDebug("who replicates cannot be told: {Reason}", e.Message);
                }
                if (!_leads) metrics.Over();
                await Task.Delay(TimeSpan.FromMilliseconds(settings.Replication.LeaseMs / 3.0), time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogDebug("stopping");
        }
    }

    private async Task RunAsync(string peer, CancellationToken stop)
    {
        try
        {
            await using var replica = await replicas.OpenAsync(peer);
            while (true)
            {
                if (!_leads || !await SendAsync(peer, replica, stop)) await _wake[peer].WaitAsync(Poll, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogDebug("stopping");
        }
    }

    /// <returns>False when nothing is left to send.</returns>
    private async Task<bool> SendAsync(string peer, IReplica replica, CancellationToken stop)
    {
        try
        {
            var read = await outbox.ReadAsync(peer, stop);
            metrics.Behind(peer, read.Newest - read.From + 1, read.Lines.Count == 0 ? 0 : read.Lines[0].AtUnixMs);
            if (read.Lines.Count == 0) return false;
            await replica.TakeAsync(read.Lines, stop);
            var last = read.From + read.Lines.Count - 1;
            await outbox.ConfirmAsync(peer, last, stop);
            // Counted once it is past: a batch that has to be sent again meets the same loss again.
            if (read.Lost > 0) metrics.Lost(peer, read.Lost);
            metrics.Taken(peer, read.Lines);
            metrics.Behind(peer, read.Newest - last, 0);
            return last < read.Newest;
        }
        catch (Exception e) when (e is ReplicaUnavailableException or DependencyUnavailableException)
        {
            log.LogDebug("replication to {Peer} waits: {Reason}", peer, e.Message);
            await Task.Delay(RetryAfter, time, stop);
            return true;
        }
    }

    private void Wake()
    {
        foreach (var wake in _wake.Values)
        {
            try
            {
                if (wake.CurrentCount == 0) wake.Release();
            }
            catch (SemaphoreFullException)
            {
                log.LogTrace("already awake");
            }
        }
    }
}
