using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Chaos.Proxy.Tests.Http;

/// <summary>An HTTP dependency: echoes, streams events, sends much, breaks off; and remembers what it saw.</summary>
internal sealed class HttpUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpUpstream(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>Method and path of each request, as it came.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Requests that broke off before they were answered.</summary>
    public ConcurrentQueue<string> Broken { get; } = new();

    /// <summary>What <c>/events</c> sends next; <c>/truncated</c> breaks off at the first one.</summary>
    public Channel<string> Events { get; } = Channel.CreateUnbounded<string>();

    /// <param name="certificate">For TLS; null for none.</param>
    public static async Task<HttpUpstream> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null) listen.UseHttps(certificate);
            });
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var server = new HttpUpstream(app);
        app.Use(server.WatchAsync);
        app.MapGet("/hello", () => "hello");
        app.MapMethods("/nothing", ["GET", "HEAD"], () => Results.NoContent());
        app.MapPost("/echo", EchoAsync);
        app.MapGet("/bytes", context => SendAsync(context, int.Parse(context.Request.Query["n"]!, CultureInfo.InvariantCulture)));
        app.MapGet("/never", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        app.MapGet("/events", server.SendEventsAsync);
        app.MapGet("/truncated", async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("only this");
            await context.Response.Body.FlushAsync();
            await server.Events.Reader.ReadAsync();
            context.Abort();
        });
        await app.StartAsync();
        server.Address = new Uri(app.Urls.First()).Authority;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        var name = $"{context.Request.Method} {context.Request.Path}";
        Seen.Enqueue(name);
        try
        {
            await next(context);
        }
        finally
        {
            if (context.RequestAborted.IsCancellationRequested) Broken.Enqueue(name);
        }
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentLength = context.Request.ContentLength;
        await context.Request.Body.CopyToAsync(context.Response.Body);
    }

    private static async Task SendAsync(HttpContext context, int bytes)
    {
        context.Response.ContentLength = bytes;
        var piece = new byte[Math.Min(bytes, 16 * 1024)];
        piece.AsSpan().Fill((byte)'x');
        for (var sent = 0; sent < bytes; sent += piece.Length)
            await context.Response.Body.WriteAsync(piece.AsMemory(0, Math.Min(piece.Length, bytes - sent)), context.RequestAborted);
    }

    private async Task SendEventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        await foreach (var text in Events.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync($"data: {text}\n\n");
            await context.Response.Body.FlushAsync();
        }
    }
}
