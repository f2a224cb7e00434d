using System.Globalization;
using System.Text;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Http;

/// <summary>Puts the faults on plain requests to work, at the moments of one request.</summary>
internal sealed class ExchangeFaults(HttpExchange exchange, ClientLeg leg, HttpContext context)
{
    private long _bodyBytes;
    private bool _answering;

    /// <summary>The request has come: delays, refuses or resets it.</summary>
    /// <returns>Whether it is to be forwarded.</returns>
    public async Task<bool> ForwardsAsync()
    {
        await DelayAsync(Direction.Upstream).ConfigureAwait(false);
        if (Abort(answer: false) is { } abort) exchange.Cut(abort, FaultAction.Reset, 0);
        return !exchange.HasEnded && !await RefuseAsync().ConfigureAwait(false) && !exchange.HasEnded;
    }

    /// <summary>The answer's head is ready: delays it.</summary>
    public Task DelayAnswerAsync() => DelayAsync(Direction.Downstream);

    /// <summary>The answer's head is there with all its headers.</summary>
    /// <returns>False where the connection was reset behind the head.</returns>
    public async Task<bool> PassHeadAsync()
    {
        _answering = true;
        if (Abort(answer: true) is not { Definition.Behaviour: HttpAbortFault { Bytes: 0 } } fault) return true;
        await context.Response.Body.FlushAsync(exchange.Over).ConfigureAwait(false);
        await ResetAsync(fault).ConfigureAwait(false);
        return false;
    }

    /// <summary>How many bytes of a piece of the answer's body may still be sent, and the fault that says so.</summary>
    public (int Bytes, ActiveFault? Fault) Allow(int bytes)
    {
        if (Abort(answer: true) is { } fault && ((HttpAbortFault)fault.Definition.Behaviour).Bytes - _bodyBytes is var left && left <= bytes)
            return ((int)Math.Max(0, left), fault);
        return (bytes, null);
    }

    public void Sent(int bytes) => _bodyBytes += bytes;

    /// <summary>Resets client and upstream once the client has what was sent before.</summary>
    public async Task ResetAsync(ActiveFault fault)
    {
        await leg.DeliveredAsync(exchange.Over).ConfigureAwait(false);
        exchange.Cut(fault, FaultAction.Reset, 0, bytes: (int)Math.Min(_bodyBytes, int.MaxValue));
    }

    /// <summary>A fault came that may have to act at once: on an answer that is past its point, and may send nothing for long.</summary>
    public void OnAbortAdded()
    {
        if (_answering && Allow(0).Fault is { } fault) exchange.Cut(fault, FaultAction.Reset, 0, bytes: (int)Math.Min(_bodyBytes, int.MaxValue));
    }

    private ActiveFault? Abort(bool answer) =>
        Array.Find(exchange.Hits, fault => fault.Definition.Behaviour is HttpAbortFault abort && abort.Answer == answer);

    private async Task DelayAsync(Direction direction)
    {
        foreach (var fault in exchange.Hits)
        {
            if (fault.Definition.Behaviour is not HttpDelayFault delay || delay.Direction != direction || exchange.HasEnded) continue;
            var delayUs = delay.DelayUs(exchange, fault.Name);
            var startNs = Monotonic.NowNs;
            await exchange.WaitAsync(fault, startNs + delayUs * 1000).ConfigureAwait(false);
            if (!exchange.HasEnded)
                exchange.Link.Injected(exchange, fault, direction, 0, FaultAction.Delayed, delayUs, (Monotonic.NowNs - startNs) / 1000, 0);
        }
    }

    private async Task<bool> RefuseAsync()
    {
        while (exchange.Hit<HttpStatusFault>() is { } fault && !exchange.HasEnded)
        {
            var refusal = (HttpStatusFault)fault.Definition.Behaviour;
            var delayUs = Decision.ToUs(refusal.DelayMs);
            var startNs = Monotonic.NowNs;
            await exchange.WaitAsync(fault, startNs + delayUs * 1000).ConfigureAwait(false);
            if (exchange.HasEnded) return true;
            // The fault left meanwhile: the request goes on as if it had never been there.
            if (!fault.Active) continue;
            exchange.Answered(refusal.Status, Ending.ByFault);
            exchange.Link.Injected(exchange, fault, Direction.Downstream, 0, FaultAction.Refused, delayUs, (Monotonic.NowNs - startNs) / 1000, 0);
            exchange.TryEnd(new Ending(Ending.ByFault, Ending.Fin, Fault: fault.Name));
            await AnswerAsync(refusal).ConfigureAwait(false);
            return true;
        }
        return false;
    }

    private async Task AnswerAsync(HttpStatusFault refusal)
    {
        var body = Encoding.UTF8.GetBytes(refusal.Body);
        var response = context.Response;
        response.StatusCode = refusal.Status;
        if (refusal.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = body.Length;
        if (body.Length > 0) response.ContentType = "text/plain; charset=utf-8";
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, exchange.Over).ConfigureAwait(false);
        await response.CompleteAsync().ConfigureAwait(false);
    }
}
