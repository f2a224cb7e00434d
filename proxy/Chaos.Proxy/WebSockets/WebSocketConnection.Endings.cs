using System.Globalization;
using System.Net.Sockets;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Http;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.Tls;
using Chaos.Proxy.WebSockets.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Proxy.WebSockets;

/// <summary>How it ends: who went first, what the other side gets to see of it, and when.</summary>
internal sealed partial class WebSocketConnection
{
    /// <summary>How long a peer may take to answer a close frame that a fault sent.</summary>
    private static readonly TimeSpan CloseReplyTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How long the upstream may take to end once the client has.</summary>
    private static readonly TimeSpan UpstreamEndTimeout = TimeSpan.FromSeconds(5);

    public override void OnSourceEnded(Lane lane, Exception? failure)
    {
        NoteHow(failure);
        // The upstream must not learn of it behind a black hole; that the client is gone is the end all the same.
        if (lane.IsBlackholed) TryEnd(EndingByClient);
        _clientGone.Happen();
    }

    public override void NoteClose(Direction direction)
    {
        base.NoteClose(direction);
        if (direction == Direction.Upstream) _clientClosed.Happen();
    }

    public override void OnEndDelivered(Lane lane) => _ = EndUpstreamAsync();

    // The forwarder would end the upstream in order.
    public override void OnFailureDelivered(Lane lane, Exception failure)
    {
        if (SocketReset.IsReset(failure)) _upstream?.Reset();
    }

    public override void OnSinkFailed(Lane lane, Exception failure)
    {
        NoteHow(failure);
        _clientGone.Happen();
        Down?.Abort();
    }

    // A stream ends in order with END_STREAM alone.
    private void NoteHow(Exception? failure)
    {
        if (SocketReset.IsReset(failure) || (_leg.IsStream && failure is not null)) _clientHow = Ending.Rst;
    }

    public override void OnCloseSent(Lane lane, LaneItem item)
    {
        var act = item.Acts[0];
        Link.Injected(this, act.Fault, lane.Direction, item.Ordinal, act.Action, 0, 0, item.Bytes);
        _closedBy = act.Fault;
        if (act.Fault.Definition.Behaviour is CloseFault { Half: false }) _ = EndAfterReplyAsync(lane.Direction);
    }

    protected override void Kill()
    {
        if (Interlocked.Exchange(ref _killed, true)) return;
        _leg.Reset();
        _upstream?.Reset();
        OverSource.Cancel();
        Up?.Abort();
        Down?.Abort();
    }

    protected override void Close()
    {
        Up?.Abort();
        Down?.Abort();
        _ = _leg.EndAsync();
        _ = _upstream?.EndAsync(_upstreamStream!);
        OverSource.CancelAfter(CloseReplyTimeout);
    }

    private Task NextChange
    {
        get
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _changed, mine, null) ?? mine).Task;
        }
    }

    private Ending EndingByClient => ClosedByFault ?? new Ending(Ending.Client, _clientHow);

    private Ending? ClosedByFault => _closedBy is { } fault && fault.Definition.Behaviour is CloseFault close
        ? new Ending(Ending.ByFault, Ending.Close, close.Code, close.Reason.Length > 0 ? close.Reason : null, fault.Name)
        : null;

    // YARP has stopped copying: the client or the upstream ended, or a fault did.
    private async Task FinishAsync(PullLane up)
    {
        var reset = !_clientGone.HasHappened && SocketReset.IsReset(_context.Features.Get<IForwarderErrorFeature>()?.Exception);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Over.UnsafeRegister(static done => ((TaskCompletionSource)done!).TrySetResult(), over).ConfigureAwait(false);
        // From here on nobody but the proxy reads the client; it must still be noticed when it goes.
        up.Discard();
        while (!Over.IsCancellationRequested && !_clientGone.HasHappened)
        {
            // Taken before the look, so that a change between the two is not missed.
            var changed = NextChange;
            if (!IsHeld) break;
            await Task.WhenAny(changed, _clientGone.Task, over.Task).ConfigureAwait(false);
        }
        _down!.PassPartial();
        if (!Over.IsCancellationRequested && !_clientGone.HasHappened)
            await Task.WhenAny(_down.DrainAsync(), _clientGone.Task, over.Task).ConfigureAwait(false);
        TryEnd(ClosedByFault ?? (_clientGone.HasHappened ? EndingByClient : new Ending(Ending.Upstream, reset ? Ending.Rst : Ending.Fin)));
        if (reset) _leg.Reset();
    }

    // The client must not learn that the upstream is gone.
    private bool IsHeld => Down!.IsBlackholed || _closedBy is { Active: true, Definition.Behaviour: CloseFault { Half: true } };

    private void Close(ActiveFault fault)
    {
        var close = (CloseFault)fault.Definition.Behaviour;
        if (close.Code == CloseFault.Abnormal)
        {
            Cut(fault, FaultAction.Reset, 0);
            return;
        }
        if (fault.Acts(Direction.Upstream)) Up?.InjectClose(CloseFrame.Create(close.Code, close.Reason, masked: true), fault);
        if (!fault.Acts(Direction.Downstream)) return;
        Down?.InjectClose(CloseFrame.Create(close.Code, close.Reason, masked: false), fault);
        // The client's answer is meant for the proxy; to the upstream the connection is simply gone.
        if (!fault.Acts(Direction.Upstream)) _up?.Discard();
    }

    private async Task EndAfterReplyAsync(Direction sent)
    {
        if (sent == Direction.Upstream)
        {
            // The upstream's answer passes on its way to the client, and ends the connection by itself.
            await Task.Delay(CloseReplyTimeout, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else await Task.WhenAny(_clientClosed.Task, _clientGone.Task, Task.Delay(CloseReplyTimeout, Over)).ConfigureAwait(false);
        TryEnd(ClosedByFault!);
        await OverSource.CancelAsync().ConfigureAwait(false);
    }

    // The forwarder cannot pass on a half-close, and waits for the upstream to end by itself: the upstream is told here.
    // Everything read before was written to it by now.
    private async Task EndUpstreamAsync()
    {
        if (_upstream is not null) await _upstream.EndAsync(_upstreamStream!).ConfigureAwait(false);
        await Task.Delay(UpstreamEndTimeout, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Over.IsCancellationRequested) await OverSource.CancelAsync().ConfigureAwait(false);
    }

    private void OnRequestAborted()
    {
        // Before the upgrade nobody reads from the client, so this is the only sign.
        if (_up is not null) return;
        _clientHow = _leg.AbortedHow;
        _clientGone.Happen();
        OverSource.Cancel();
    }
}
