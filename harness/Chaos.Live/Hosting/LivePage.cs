using System.Net;
using System.Net.ServerSentEvents;
using Chaos.Experiments.Files;
using Chaos.Journal;
using Chaos.Journal.Verdicts;
using Chaos.Live.Journals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chaos.Live.Hosting;

/// <summary>What the page is about, and where it is served.</summary>
/// <param name="Journal">The journal; it need not be there yet.</param>
/// <param name="Port">Port on loopback; 0 for a free one.</param>
/// <param name="Alerts">The alerts to evaluate in experiments that name none; null for none.</param>
/// <param name="Judges">Judge experiments that have ended; false where <see cref="LivePage.Judged"/> is called.</param>
public sealed record LivePageOptions(string Journal, int Port, OwnedAlerts? Alerts, bool Judges);

/// <summary>The live page: a journal as it grows, shown in a browser on this machine.</summary>
public sealed class LivePage : IAsyncDisposable
{
    /// <summary>Port unless told otherwise; beside that of the proxy's control API.</summary>
    public const int DefaultPort = 8475;

    private static readonly TimeSpan LastWordsTake = TimeSpan.FromSeconds(1);

    private static readonly string[] Assets = ["index.html", "style.css", "live.js", "draw.js", "text.js"];

    private readonly WebApplication _app;
    private readonly LiveFeed _feed;
    private readonly CancellationTokenSource _stop;

    private LivePage(WebApplication app, LiveFeed feed, CancellationTokenSource stop) => (_app, _feed, _stop) = (app, feed, stop);

    /// <summary>Where the page is.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Ends when the page does; faults when the journal cannot be read.</summary>
    public Task Following => _feed.Following;

    /// <summary>Serves it.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LivePage> StartAsync(LivePageOptions options, Clock clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        var (halt, stop, app) = (new HaltButton(), new CancellationTokenSource(), builder.Build());
        var feed = new LiveFeed(options.Journal, clock, options.Alerts, halt, options.Judges);
        var page = new LivePage(app, feed, stop);
        app.Use(GuardAsync);
        foreach (var name in Assets) app.MapGet(name == "index.html" ? "/" : $"/{name}", () => Asset(name));
        app.MapGet("/favicon.ico", () => Results.NoContent());
        app.MapGet("/events", (HttpContext context) => TypedResults.ServerSentEvents(page.EventsAsync(context.RequestAborted)));
        app.MapPost("/halt", async (HttpContext context) => LocalOnly.IsFromThePage(context.Request)
            ? Results.Json(await halt.PressAsync(feed.State(), context.RequestAborted).ConfigureAwait(false), LiveFeed.Json)
            : Results.Text("Only the page itself may halt: open it and press its button.", statusCode: StatusCodes.Status403Forbidden));
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await page.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return page;
    }

    /// <summary>Takes a verdict from the run that gives it.</summary>
    public void Judged(string experiment, ExperimentVerdict verdict) => _feed.Judged(experiment, JournalVerdicts.Of(verdict));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _feed.LastWordsAsync(LastWordsTake).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        using (var enough = new CancellationTokenSource(LastWordsTake)) await _app.StopAsync(enough.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await _feed.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async IAsyncEnumerable<SseItem<string>> EventsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, _stop.Token);
        await using var updates = _feed.UpdatesAsync(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync(updates, either.Token).ConfigureAwait(false))
            yield return new SseItem<string>(updates.Current.Json) { EventId = updates.Current.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), ReconnectionInterval = TimeSpan.FromSeconds(1) };
        // Told that nobody will answer any more, a page keeps what it shows and does not knock again and again.
        if (_stop.IsCancellationRequested && !gone.IsCancellationRequested) yield return new SseItem<string>("", "bye");
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<Update> updates, CancellationToken cancel)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (!LocalOnly.IsLocalHost(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await context.Response.WriteAsync("This page is served to localhost alone.").ConfigureAwait(false);
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        await next(context).ConfigureAwait(false);
    }

    private static IResult Asset(string name) => Results.Stream(typeof(LivePage).Assembly.GetManifestResourceStream(name)!,
        Path.GetExtension(name) switch { ".html" => "text/html; charset=utf-8", ".css" => "text/css; charset=utf-8", _ => "text/javascript; charset=utf-8" });
}
