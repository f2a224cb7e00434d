namespace Chaos.Gateway.Sessions;

/// <summary>One publish among those of its connection on its channel. When it ends unsaid, it was refused for good and never will be in the stream.</summary>
internal sealed class PublishTurn(PublishOrder order, string channel, string mid, PublishTurn? before) : IDisposable
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PublishTurn? _before = before;
    private bool _published;
    private bool _failed;

    public string Channel => channel;

    /// <summary>Idempotency key of the one that this one must come after; null when none is under way.</summary>
    public string? After { get; } = before?.Mid;

    /// <summary>The latest of this one and those before it that is still under way.</summary>
    public PublishTurn? Open => !_over.Task.IsCompleted ? this : _before?.Open;

    private string Mid => mid;

    /// <summary>It is in the stream, and so is all that had to be there before it.</summary>
    public void Published() => _published = true;

    /// <summary>Its client was told to send it again.</summary>
    public void Failed() => _failed = true;

    /// <summary>Waits for those before it. False when one of them was told to be sent again: then this one must not be in the stream before it.</summary>
    public async Task<bool> BeforeAsync()
    {
        for (var turn = _before; turn is not null; turn = turn._before)
        {
            await turn._over.Task;
            if (turn._failed) return false;
            // One that was refused for good says nothing of those before it.
            if (turn._published) return true;
        }
        return true;
    }

    public void Dispose()
    {
        // Behind what is in the stream nobody asks further back, and behind one to be sent again only for those that are still under way.
        if (_published) _before = null;
        else if (_failed) _before = _before?.Open;
        _over.TrySetResult();
        order.Over(this);
    }
}
