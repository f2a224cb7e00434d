using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>
/// What Alertmanager delivers to, in place of people's own webhooks and mail, and what tells Prometheus where nodes are: an HTTP server on a free loopback port.
/// </summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    /// <summary>Path under which nodes are found.</summary>
    public const string NodesPath = "/nodes";

    private const long LongestMessage = 4 << 20;

    private readonly WebApplication _app;

    private AlertReceiver(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The webhook of a person.</summary>
    public string WebhookOf(string person) => new Uri(Address, $"/deliveries/{person}").ToString();

    /// <summary>Starts it; it answers when this returns.</summary>
    /// <param name="targets">The nodes.</param>
    /// <param name="delivered">Gets the person and the message of each delivery; one after another of each group of alerts, as Alertmanager sends them.</param>
    public static async Task<AlertReceiver> StartAsync(NodeTargets targets, Action<string, AlertmanagerMessage> delivered)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = LongestMessage;
            k.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.MapPost("/deliveries/{person}", async (string person, HttpRequest request) =>
        {
            if (await AlertmanagerMessage.ReadAsync(request.Body, request.HttpContext.RequestAborted).ConfigureAwait(false) is not { } message) return Results.BadRequest();
            delivered(person, message);
            return Results.Ok();
        });
        // A node that was taken out reports nothing, and is not missed until Prometheus no longer looks for it.
        app.MapGet(NodesPath + "/{name}", (string name) => targets.Address(name) is { } address ? Results.Redirect($"http://{address}/metrics", preserveMethod: true) : Results.Text(""));
        await app.StartAsync().ConfigureAwait(false);
        return new AlertReceiver(app);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
