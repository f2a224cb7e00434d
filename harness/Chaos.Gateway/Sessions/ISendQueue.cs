namespace Chaos.Gateway.Sessions;

/// <summary>Messages that wait for one client. Many write, one reads.</summary>
internal interface ISendQueue
{
    /// <returns>False when the client is too slow: the message was not taken.</returns>
    bool TryAdd(ReadOnlyMemory<byte> message);

    /// <summary>Ends the queue. What waits is still sent, unless <paramref name="discard"/>.</summary>
    void Complete(bool discard);

    /// <summary>Waits for messages.</summary>
    /// <returns>False when the queue has ended and is empty.</returns>
    ValueTask<bool> WaitAsync(CancellationToken cancel);

    /// <summary>Takes messages in order into <paramref name="batch"/> until it holds about <paramref name="bytes"/>; at least one.</summary>
    void Take(List<ReadOnlyMemory<byte>> batch, int bytes);
}

/// <summary>Makes the queue of a connection.</summary>
internal interface ISendQueueFactory
{
    ISendQueue Create();
}
