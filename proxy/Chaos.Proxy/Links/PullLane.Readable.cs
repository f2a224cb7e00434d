using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Chaos.Proxy.Links;

/// <summary>Waiting for the source without a buffer, in a way that a fault can take over.</summary>
internal sealed partial class PullLane
{
    // The reader waits for the source in a way that a fault can take over: no buffer of the reader's is lent out.
    private ValueTask<int> WaitReadable(ValueTask<int> read, CancellationToken cancellation)
    {
        if (read.IsCompletedSuccessfully)
        {
            _ = read.Result;
            bool direct;
            lock (Gate)
            {
                _sourceBusy = false;
                direct = Direct;
            }
            if (direct) return new ValueTask<int>(0);
            StartPump();
            return ReadQueueAsync(Memory<byte>.Empty, cancellation);
        }
        short version;
        bool bridge;
        lock (Gate)
        {
            _readable.Reset();
            version = _readable.Version;
            _waitingForReadable = true;
            _readableToken = cancellation;
            _readableAwaiter = read.ConfigureAwait(false).GetAwaiter();
            bridge = !Direct && !_bridging;
            if (bridge) _bridging = true;
        }
        _readableAwaiter.UnsafeOnCompleted(_onReadable);
        if (bridge) _ = BridgeAsync();
        return new ValueTask<int>(this, version);
    }

    private void OnReadable()
    {
        Exception? failure = null;
        try
        {
            _ = _readableAwaiter.GetResult();
        }
        catch (Exception e)
        {
            failure = e;
        }
        var held = failure is not null && SourceFailed(failure);
        bool complete;
        lock (Gate)
        {
            _sourceBusy = false;
            complete = _waitingForReadable && !_bridging && !held;
            if (complete) _waitingForReadable = false;
        }
        if (!complete)
        {
            StartPump();
            // The faults may be gone by now. Then there is no pump, and a bridge that still waits must look again.
            Signal.Wake();
        }
        else if (failure is null) _readable.SetResult(0);
        else
        {
            Connection.OnFailureDelivered(this, failure);
            _readable.SetException(failure);
        }
    }

    // Faults came while the reader was waiting for the source: it now waits for the queue instead.
    private async Task BridgeAsync()
    {
        Exception? failure = null;
        try
        {
            await ReadQueueAsync(Memory<byte>.Empty, _readableToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            failure = e;
        }
        lock (Gate)
        {
            _bridging = false;
            _waitingForReadable = false;
        }
        if (failure is null) _readable.SetResult(0);
        else _readable.SetException(failure);
    }

    int IValueTaskSource<int>.GetResult(short token) => _readable.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _readable.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _readable.OnCompleted(continuation, state, token, flags);
}
