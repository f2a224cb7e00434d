using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Benchmarks.Servers;

/// <summary>YARP with one catch-all route and nothing of ours: the yardstick.</summary>
internal static class PlainYarpServer
{
    private const string Cluster = "echo";

    public static async Task<IBenchmarkServer> StartAsync(string upstream)
    {
        var builder = KestrelServer.CreateBuilder();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = Cluster, Match = new RouteMatch { Path = "/{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = Cluster,
                    Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = $"http://{upstream}/" } },
                    HttpRequest = new ForwarderRequestConfig
                    {
                        ActivityTimeout = Timeout.InfiniteTimeSpan, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    },
                },
            ]);
        var application = builder.Build();
        application.MapReverseProxy();
        await application.StartAsync();
        return new KestrelServer(application);
    }
}
