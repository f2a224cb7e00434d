using System.Text.Json;
using System.Text.Json.Serialization;
using Chaos.Experiments.Files;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Live.Fold;
using Chaos.Live.Journals;
using Chaos.Live.State;

namespace Chaos.Live.Hosting;

/// <summary>What a page is sent.</summary>
/// <param name="Number">Counts up from 1.</param>
/// <param name="Json">The state.</param>
/// <param name="IsLast">The run has ended in order: there is nothing to come but verdicts.</param>
internal sealed record Update(long Number, string Json, bool IsLast);

/// <summary>
/// Follows a journal and keeps what the page shows: one state, made once for all pages that look, and not at all while none does.
/// </summary>
internal sealed class LiveFeed : IAsyncDisposable
{
    /// <summary>Least time between two updates. A fault is to be seen within 2 s of its begin: looks at the file and updates take a fifth of that.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <summary>An update is sent at least this often, so that a page knows that nothing has happened, rather than that nothing arrives.</summary>
    public static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(2);

    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly string _path;
    private readonly Clock _clock;
    private readonly LiveFold _fold;
    private readonly HaltButton _halt;
    private readonly bool _judges;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _begins = new(StringComparer.Ordinal);
    private Task _judging = Task.CompletedTask;
    private TaskCompletionSource<Update> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Update _last = new(0, "", false);
    private bool _dirty = true;
    private volatile bool _caughtUp;
    private int _readers;

    /// <param name="path">The journal; it need not be there yet.</param>
    /// <param name="clock">The clock that its times are on.</param>
    /// <param name="usual">The alerts to evaluate in experiments that name none; null for none.</param>
    /// <param name="halt">Where faults are halted.</param>
    /// <param name="judges">Judge experiments that have ended; false where verdicts are given, by the run itself.</param>
    public LiveFeed(string path, Clock clock, OwnedAlerts? usual, HaltButton halt, bool judges)
    {
        (_path, _clock, _halt, _judges) = (path, clock, halt, judges);
        _fold = new LiveFold(usual);
        Following = Task.WhenAll(Task.Run(FollowAsync), Task.Run(PublishAsync));
    }

    /// <summary>Ends when it was disposed; faults when the journal could not be read.</summary>
    public Task Following { get; }

    /// <summary>Takes the verdict of an experiment from the run itself.</summary>
    public void Judged(string experiment, VerdictView verdict)
    {
        lock (_gate)
        {
            _fold.Judged(experiment, verdict);
            _dirty = true;
        }
    }

    /// <summary>The state as it is now.</summary>
    public LiveState State()
    {
        lock (_gate) return _fold.State();
    }

    /// <summary>The state now, then each one that is new, at most every <see cref="Every"/>.</summary>
    public async IAsyncEnumerable<Update> UpdatesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        Interlocked.Increment(ref _readers);
        try
        {
            long seen;
            lock (_gate) (seen, _dirty) = (_last.Number, true);
            while (true)
            {
                Task<Update> next;
                lock (_gate) next = _last.Number > seen ? Task.FromResult(_last) : _next.Task;
                var update = await next.WaitAsync(cancel).ConfigureAwait(false);
                seen = update.Number;
                yield return update;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    /// <summary>Waits until whoever looks has been told how it ended; not at all when nobody looks.</summary>
    /// <param name="most">Longest wait.</param>
    public async Task LastWordsAsync(TimeSpan most)
    {
        if (Volatile.Read(ref _readers) == 0) return;
        using var enough = new CancellationTokenSource(most, _clock.Time);
        try
        {
            await foreach (var update in UpdatesAsync(enough.Token).ConfigureAwait(false))
            {
                if (update.IsLast) return;
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // A run that was killed has no last words.
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Following.ConfigureAwait(false);
        await _judging.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var line in new JournalTail(_path, _clock.Time).LinesAsync(() => _caughtUp = true, _stop.Token).ConfigureAwait(false))
            {
                if (LiveLines.Parse(line.Utf8) is { } e) Take(e, line.Offset);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Take(JournalEvent e, long offset)
    {
        lock (_gate)
        {
            _fold.Take(e);
            _dirty = true;
        }

        if (e is PartStarted { Role: "proxy" } proxy) _halt.Appeared($"http://{proxy.Address}");
        if (!_judges || e.X is not { } id) return;
        if (e is ExperimentStarted) _begins[id] = offset;
        if (e is not ExperimentEnded || !_begins.TryGetValue(id, out var from)) return;
        // One at a time: judging takes seconds, and the run that is watched may be on this machine.
        _judging = JudgeAsync(_judging, id, from, offset);
    }

    private async Task JudgeAsync(Task before, string experiment, long from, long to)
    {
        await before.ConfigureAwait(false);
        if (_stop.IsCancellationRequested) return;
        try
        {
            Judged(experiment, await Task.Run(() => JournalVerdicts.Of(_path, experiment, from, to)).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            Judged(experiment, new VerdictView("error", $"It cannot be judged: {e.Message}"));
        }
    }

    private async Task PublishAsync()
    {
        var sent = 0L;
        using var timer = new PeriodicTimer(Every, _clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                // While an old journal is read, states come and go by the thousand; the page wants where it ends.
                if (Volatile.Read(ref _readers) == 0 || !_caughtUp) continue;
                lock (_gate)
                {
                    if (!_dirty && _clock.NowUs - sent < AtLeastEvery.TotalMicroseconds) continue;
                    sent = _clock.NowUs;
                    Publish();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Publish()
    {
        var state = _fold.State();
        var age = Math.Max(0, (_clock.NowUs / 1000) - state.AsOfMs);
        var page = new PageState(state, age, _halt.View(state, age));
        _last = new Update(_last.Number + 1, JsonSerializer.Serialize(page, Json), state.Run?.Outcome is not null);
        _dirty = false;
        var waiting = _next;
        _next = new TaskCompletionSource<Update>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.SetResult(_last);
    }
}

/// <summary>The state with what only the host knows.</summary>
/// <param name="State">The state.</param>
/// <param name="AgeMs">How long ago the latest event was.</param>
/// <param name="Halt">Whether faults can be halted.</param>
internal sealed record PageState(LiveState State, long AgeMs, HaltButtonView Halt);
