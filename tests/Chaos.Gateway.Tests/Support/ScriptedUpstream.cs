using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Tests.Support;

/// <summary>An upstream service that does what a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedUpstream(WebApplication app) => _app = app;

    /// <summary>What it does with a question; it allows everything by default.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = Status(200);

    /// <summary>Query strings, in the order in which they came.</summary>
    public ConcurrentQueue<string> Questions { get; } = new();

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<ScriptedUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var upstream = new ScriptedUpstream(builder.Build());
        upstream._app.Run(context =>
        {
            upstream.Questions.Enqueue(context.Request.Path + context.Request.QueryString);
            return upstream.Answer(context);
        });
        await upstream._app.StartAsync();
        return upstream;
    }

    public static Func<HttpContext, Task> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public static Task Aborts(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Says yes in the head, and breaks off in the body.</summary>
    public static async Task BreaksOff(HttpContext context)
    {
        context.Response.ContentLength = 1_000;
        await context.Response.WriteAsync("allo");
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    public static Task Hangs(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
