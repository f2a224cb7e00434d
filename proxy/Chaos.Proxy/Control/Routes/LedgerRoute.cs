using System.Buffers;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Chaos.Proxy.Control.Routes;

/// <summary>The ledger as it is written, as server-sent events.</summary>
internal static class LedgerRoute
{
    /// <summary>The type of the event that says how many lines a slow listener lost.</summary>
    public const string Lost = "ledger.lost";

    private const string KeepAlive = "keep-alive";

    // So often that a reader that is gone is noticed, and that nothing between takes the stream for dead.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public static ApiRoute Of(LedgerWriter ledger, TimeProvider time) => new("streamLedger", ["GET"], "/chaos/ledger",
        "Ledger lines from now on, as server-sent events: `event` is the kind, `id` the ordinal of the line, `data` the line. Ends when the proxy stops. A reader that is too slow loses lines, and is told how many by an event ledger.lost.",
        call => Task.FromResult<IResult>(new Stream(ledger.Stream.Listen(call.Values("proxy"), call.Values("kind")), time)))
    {
        Answer = "LedgerEvents", AnswerType = "text/event-stream",
        Query =
        [
            new("proxy", "string", "Only lines about these proxies; a list with commas, or given several times."),
            new("kind", "string", "Only lines of these kinds, such as closed or ledger.closed; a list likewise."),
        ],
    };

    private sealed class Stream(LedgerListener listener, TimeProvider time) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using (listener)
            {
                var (response, aborted) = (httpContext.Response, httpContext.RequestAborted);
                response.ContentType = "text/event-stream";
                response.Headers.CacheControl = "no-cache";
                httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
                try
                {
                    // The answer's head says that listening has begun: whatever happens from now on comes.
                    await response.Body.FlushAsync(aborted).ConfigureAwait(false);
                    await SseFormatter.WriteAsync(ItemsAsync(aborted), response.Body, static (item, buffer) => buffer.Write(item.Data), aborted).ConfigureAwait(false);
                }
                catch (Exception e) when (e is OperationCanceledException or IOException)
                {
                    // The reader is gone.
                }
            }
        }

        private async IAsyncEnumerable<SseItem<byte[]>> ItemsAsync([EnumeratorCancellation] CancellationToken aborted)
        {
            // A channel takes one who waits at a time, so the same wait goes on after each silence.
            var more = listener.Lines.WaitToReadAsync(aborted).AsTask();
            while (true)
            {
                if (await IsSilentAsync(more, aborted).ConfigureAwait(false))
                {
                    yield return new SseItem<byte[]>("{}"u8.ToArray(), KeepAlive);
                    continue;
                }
                if (!await more.ConfigureAwait(false)) break;
                while (listener.Lines.TryRead(out var line))
                {
                    if (listener.TakeLost() is > 0 and var lost)
                        yield return new SseItem<byte[]>(Encoding.UTF8.GetBytes($"{{\"kind\":\"{Lost}\",\"lines\":{lost}}}"), Lost);
                    yield return new SseItem<byte[]>(line.Json, line.Kind) { EventId = line.Id.ToString(CultureInfo.InvariantCulture) };
                }
                more = listener.Lines.WaitToReadAsync(aborted).AsTask();
            }
        }

        private async Task<bool> IsSilentAsync(Task<bool> more, CancellationToken aborted)
        {
            try
            {
                await more.WaitAsync(Silence, time, aborted).ConfigureAwait(false);
                return false;
            }
            catch (TimeoutException)
            {
                return true;
            }
        }
    }
}
