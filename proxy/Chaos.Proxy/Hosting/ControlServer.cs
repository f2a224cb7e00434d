using System.Net;
using Chaos.Proxy.Control.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Chaos.Proxy.Hosting;

/// <summary>The HTTP server of the control API: maps the table of routes, and says no in the words of each family.</summary>
internal static class ControlServer
{
    // Each proxy has a few series, and those of deleted proxies still count.
    private const int MaxSeries = 20_000;

    private const string RequestId = "X-Toxiproxy-Request-Id";

    public static WebApplication Build(IPEndPoint listen, string? token, string meter, ILoggerFactory loggers, IReadOnlyList<ApiRoute> routes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen);
        });
        builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("chaos-proxy", autoGenerateServiceInstanceId: false)).WithMetrics(metrics => metrics
            .AddMeter(meter)
            .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = MaxSeries })
            .AddPrometheusExporter(prometheus =>
            {
                // The meter's name differs from process to process, and would make every series a new one.
                prometheus.ScopeInfoEnabled = false;
                prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
            }));
        var control = builder.Build();
        control.Use((context, next) => ControlSecurity.CheckTokenAsync(context, next, token));
        control.Use(ExactPaths.RedirectAsync);
        control.UseRouting();
        control.Use(ExactPaths.RejectAsync);
        control.Use(RefuseBrowsersAsync);
        foreach (var route in routes)
        {
            if (route.Handle is null) control.MapPrometheusScrapingEndpoint(route.Path).WithMetadata(route);
            else control.MapMethods(route.Path, route.Methods, context => HandleAsync(context, route, route.Handle)).WithMetadata(route);
        }
        return control;
    }

    // Only where a route was found, as with Toxiproxy: what is not there is not there for browsers, either.
    private static Task RefuseBrowsersAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return next(context);
        if (endpoint.Metadata.GetMetadata<ApiRoute>() is { IsOwn: true })
        {
            return Browsers.IsForeign(context.Request)
                ? Answer.OwnErrorAsync(context, StatusCodes.Status403Forbidden, "a page of another site may not use the control API")
                : next(context);
        }
        context.Response.Headers[RequestId] = context.TraceIdentifier;
        return Browsers.IsNamedSo(context.Request) ? Answer.PlainErrorAsync(context, StatusCodes.Status403Forbidden, "User agent not allowed") : next(context);
    }

    private static async Task HandleAsync(HttpContext context, ApiRoute route, Func<ApiCall, Task<IResult>> handle)
    {
        try
        {
            var result = await handle(new ApiCall(context)).ConfigureAwait(false);
            await result.ExecuteAsync(context).ConfigureAwait(false);
        }
        catch (ControlError e)
        {
            await (route.IsOwn ? Answer.OwnErrorAsync(context, e.Status, e.Message) : Answer.ToxiproxyErrorAsync(context, e.Status, e.Message)).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            // The body ended early, came too slowly, or its chunks were malformed.
            await Answer.OwnErrorAsync(context, e.StatusCode, e.Message).ConfigureAwait(false);
        }
    }
}
