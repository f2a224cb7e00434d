using Chaos.Load.Processes;
using System.Text.Json;
using Chaos.Journal.Events;
using Chaos.Load.Fleets;
using Chaos.Load.Recording;

namespace Chaos.Load.External;

/// <summary>
/// A fleet of third-party clients, all of them in one child process that reports what they do. A child that dies or talks
/// nonsense is a failure of the harness, not of the clients: it is written as harness.failed and the fleet is <see cref="Failure"/>.
/// </summary>
public sealed class ExternalFleet : IFleet
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly FleetSpec _spec;
    private readonly ExternalClient _client;
    private readonly FleetCore _core;
    private readonly ExternalEvents _events;
    private readonly TaskCompletionSource _stopConfirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChildProcess? _child;
    private Task _watching = Task.CompletedTask;
    private volatile bool _stopping;
    private volatile string? _failure;

    /// <param name="spec">What to run.</param>
    /// <param name="client">The client, prepared already (see <see cref="ExternalClient.PrepareAsync"/>).</param>
    public ExternalFleet(FleetSpec spec, ExternalClient client)
    {
        (_spec, _client) = (spec, client);
        _core = new FleetCore(spec, (line, channel, payload, _) => Publish(FleetNames.Client(line), channel, payload));
        _events = new ExternalEvents(spec, _core, line => _child?.Send(line));
    }

    /// <summary>Why the child can no longer be relied on, or null while all is well.</summary>
    public string? Failure => _failure;

    /// <summary>Process id of the child, once started.</summary>
    public int? ProcessId => _child?.Id;

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The child could not be started.</exception>
    public async Task<bool> StartAsync(TimeSpan timeout, CancellationToken cancel)
    {
        _core.Backstage?.Start();
        _child = ChildProcess.Start(ExternalClient.Program(_client.Command[0]), _client.Command.Skip(1), _client.Folder, Handle);
        _watching = WatchAsync(_child);
        _child.Send(ExternalConfiguration.For(_spec));
        return await _core.WaitLiveAsync(timeout, () => _failure is not null, cancel).ConfigureAwait(false);
    }

    /// <summary>Publishes through one of the clients, outside of the feed. The acknowledgement appears in the journal as an error, because the
    /// feed does not know it: for tests of a client.</summary>
    internal void Publish(string client, string channel, ReadOnlyMemory<byte> payload) =>
        _child?.Send(ExternalCommands.Publish(client, channel, payload));

    /// <inheritdoc />
    public void StartFeed() => _core.Feed?.Start();

    /// <inheritdoc />
    public Task StopFeedAsync(TimeSpan timeout, CancellationToken cancel) => _core.Feed?.StopAsync(timeout, cancel) ?? Task.CompletedTask;

    /// <inheritdoc />
    public Task<bool> DrainAsync(TimeSpan timeout, CancellationToken cancel) => _core.DrainAsync(timeout, () => _failure is not null, cancel);

    /// <inheritdoc />
    public FleetSnapshot Snapshot() => _core.Recorder.Snapshot();

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancel)
    {
        if (_stopping) return;
        _stopping = true;
        await StopFeedAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
        if (_child is not null && _failure is null)
        {
            _child.Send(ExternalCommands.Stop);
            try
            {
                await _child.Exited.WaitAsync(StopTimeout, _spec.Clock.Time, cancel).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Fail($"it did not stop within {StopTimeout.TotalSeconds} s");
                _child.Kill();
            }
        }

        await _watching.ConfigureAwait(false);
        if (_core.Backstage is not null) await _core.Backstage.StopAsync().WaitAsync(cancel).ConfigureAwait(false);
        _core.Recorder.Flush();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (_child is not null) await _child.DisposeAsync().ConfigureAwait(false);
        await _core.DisposeAsync().ConfigureAwait(false);
    }

    private void Handle(string line)
    {
        try
        {
            var entry = ExternalEvent.Parse(line);
            switch (entry.Ev)
            {
                case "ready":
                    _child!.Send(ExternalCommands.Start);
                    break;
                case "stopped":
                    _stopConfirmed.TrySetResult();
                    break;
                default:
                    _events.Handle(entry);
                    break;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new InvalidDataException($"it wrote a line that is no event ({e.Message}): {Shorten(line)}", e);
        }
    }

    private async Task WatchAsync(ChildProcess child)
    {
        try
        {
            var code = await child.Exited.ConfigureAwait(false);
            if (!_stopping) Fail($"it ended by itself with exit code {code}");
            else if (!_stopConfirmed.Task.IsCompleted) Fail($"it ended with exit code {code} without having stopped its clients");
        }
        catch (InvalidDataException e)
        {
            Fail(e.Message);
        }
    }

    private void Fail(string why)
    {
        if (_failure is not null) return;
        _failure = $"The client {_client.Name} failed: {why}. The end of its standard error:\n{_child!.Errors}";
        foreach (var client in _core.Recorder.Clients) client.Lost();
        _core.Recorder.Write(new HarnessFailed($"fleet {_client.Name}", _failure));
    }

    private static string Shorten(string line) => line.Length <= 200 ? line : $"{line[..200]}…";
}
