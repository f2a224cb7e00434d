namespace Chaos.Proxy.Links;

/// <summary>Something that happens once, or never. It costs a reference until somebody waits for it.</summary>
internal struct Happening
{
    private static readonly TaskCompletionSource Happened = CreateHappened();

    private TaskCompletionSource? _source;

    public bool HasHappened => Volatile.Read(ref _source)?.Task.IsCompleted == true;

    /// <summary>Completes when it happens.</summary>
    public Task Task
    {
        get
        {
            if (Volatile.Read(ref _source) is { } source) return source.Task;
            source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _source, source, null) ?? source).Task;
        }
    }

    /// <summary>It happens now, if it has not before.</summary>
    public void Happen() => Interlocked.CompareExchange(ref _source, Happened, null)?.TrySetResult();

    private static TaskCompletionSource CreateHappened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
