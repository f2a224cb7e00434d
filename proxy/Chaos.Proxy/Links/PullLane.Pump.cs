using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Chaos.Proxy.Links;

/// <summary>Reading the source into the queue, while faults are on the lane.</summary>
internal sealed partial class PullLane
{
    private const int PumpBufferBytes = 16 * 1024;

    /// <summary>The pump, while it runs.</summary>
    public Task Pump { get; private set; } = Task.CompletedTask;

    private void StartPump()
    {
        lock (Gate)
        {
            if (_pumping || _sourceBusy || _sourceEnded || (Direct && !_discarding)) return;
            // Nothing to do for a pump: the reader finds an empty queue and goes direct by itself.
            if (!HasFaults && !Sealed && !_discarding) return;
            _pumping = true;
        }
        Pump = PumpAsync();
    }

    private async Task PumpAsync()
    {
        var buffer = Array.Empty<byte>();
        try
        {
            while (true)
            {
                // Waits without a buffer: many silent connections under a fault must not hold one each.
                await _source.ReadAsync(Memory<byte>.Empty, _lifetime).ConfigureAwait(false);
                buffer = ArrayPool<byte>.Shared.Rent(PumpBufferBytes);
                var bytes = await _source.ReadAsync(buffer, _lifetime).ConfigureAwait(false);
                var (stop, full) = Take(buffer.AsSpan(0, bytes));
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = [];
                Signal.Wake();
                if (bytes == 0) Connection.OnSourceEnded(this, null);
                if (stop) return;
                if (full) await WaitForRoomAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            lock (Gate)
                _pumping = false;
            SourceFailed(e, force: true);
        }
        finally
        {
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private (bool Stop, bool Full) Take(ReadOnlySpan<byte> bytes)
    {
        var nowNs = Monotonic.NowNs;
        lock (Gate)
        {
            if (bytes.IsEmpty)
            {
                _sourceEnded = true;
                EnqueueEnd(nowNs);
            }
            else if (_discarding) Follow(bytes);
            else Enqueue(bytes, nowNs);
            var stop = bytes.IsEmpty || (!HasFaults && !Sealed && !_discarding);
            if (stop) _pumping = false;
            return (stop, IsFull && !Aborted);
        }
    }

    private async Task WaitForRoomAsync()
    {
        Task roomy;
        lock (Gate)
        {
            if (!IsFull || Aborted) return;
            _roomy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            roomy = _roomy.Task;
        }
        await roomy.WaitAsync(_lifetime).ConfigureAwait(false);
    }

    /// <summary>The source failed. True when the reader must not be told yet: the failure is queued behind the data.</summary>
    private bool SourceFailed(Exception failure, bool force = false)
    {
        var cancelled = failure is OperationCanceledException;
        bool held;
        lock (Gate)
        {
            _sourceBusy = false;
            held = force || !Direct;
            if (cancelled && (!_lifetime.IsCancellationRequested || !force)) held = false;
            else if (!_sourceEnded)
            {
                _sourceEnded = true;
                _failure = failure;
                if (held) EnqueueEnd(Monotonic.NowNs);
            }
        }
        Signal.Wake();
        if (!cancelled) Connection.OnSourceEnded(this, failure);
        return held;
    }
}
