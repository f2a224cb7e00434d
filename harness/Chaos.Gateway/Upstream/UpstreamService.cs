using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Upstream;

/// <summary>
/// The service that worlds put behind the gateway: <c>GET /authorize?user=&amp;tenant=&amp;channel=&amp;action=</c> answers 200 for channels of
/// the user's own tenant, 403 for all others and 400 for a question that lacks something; <c>/healthz</c> says that it lives.
/// </summary>
public sealed class UpstreamService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private UpstreamService(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Address { get; }

    /// <summary>Starts it; it answers when this returns.</summary>
    /// <param name="listen">Address to listen on; port 0 takes a free one.</param>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<UpstreamService> StartAsync(IPEndPoint listen)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Listen(listen);
        });
        var app = builder.Build();
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/authorize", (string? user, string? tenant, string? channel, string? action) => Answer(user, tenant, channel, action));
        try
        {
            await app.StartAsync();
            return new UpstreamService(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static IResult Answer(string? user, string? tenant, string? channel, string? action)
    {
        if (string.IsNullOrEmpty(user) || string.IsNullOrEmpty(tenant) || string.IsNullOrEmpty(channel) || action is not ("subscribe" or "publish" or "history"))
            return Results.Text("user, tenant, channel and action (subscribe, publish or history) are needed\n", statusCode: StatusCodes.Status400BadRequest);
        return channel.StartsWith(tenant + ":", StringComparison.Ordinal)
            ? Results.Text("allowed\n")
            : Results.Text("denied\n", statusCode: StatusCodes.Status403Forbidden);
    }
}
