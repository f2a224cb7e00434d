using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chaos.Benchmarks.Servers;

/// <summary>Kestrel on a free loopback port, with the limits that every variant has: HTTP/1.1, no minimum data rates, no logging.</summary>
internal sealed class KestrelServer(WebApplication application) : IBenchmarkServer
{
    public IPEndPoint Address { get; } = AddressOf(application);

    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, o => o.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1);
        });
        return builder;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private static IPEndPoint AddressOf(WebApplication application)
    {
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return IPEndPoint.Parse(new Uri(addresses!.Addresses.Single()).Authority);
    }
}
