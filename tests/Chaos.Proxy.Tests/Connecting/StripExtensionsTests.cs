using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Chaos.Proxy.Tests.Connecting;

public sealed class StripExtensionsTests
{
    // Says hello with the extensions that the client offered, then what it agreed to.
    private static async Task<WebApplication> StartServerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.UseWebSockets();
        app.MapGet("/", async context =>
        {
            var offered = context.Request.Headers.SecWebSocketExtensions.ToString();
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = true });
            await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes($"[{offered}]"), WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.ReceiveAsync(new byte[100].AsMemory(), context.RequestAborted);
        });
        await app.StartAsync();
        return app;
    }

    [Fact]
    public async Task The_handshake_passes_without_extensions()
    {
        await using var bench = await Bench.StartAsync();
        await using var server = await StartServerAsync();
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", new Uri(server.Urls.First()).Authority, Kind: "websocket"));
        Assert.StartsWith("[permessage-deflate", await GreetingAsync(), StringComparison.Ordinal);
        await bench.FaultAsync("ws_handshake", new JsonObject { ["strip_extensions"] = true, ["delay"] = 30 });
        Assert.Equal("[]", await GreetingAsync());
        var injected = await bench.LedgerAsync("ledger.injected");
        Assert.Equal(("stripped", 30_000), (injected["action"]!.GetValue<string>(), injected["configured_us"]!.GetValue<int>()));
        Assert.True(injected["observed_us"]!.GetValue<long>() >= 30_000);
        Assert.All(bench.Ledger("ledger.handshake"), line => Assert.Equal(101, line["status"]!.GetValue<int>()));
        // A second fault has its say behind the first one.
        await bench.FaultAsync("ws_handshake", new JsonObject { ["status"] = 401, ["strip_extensions"] = true }, name: "refusal");
        await Assert.ThrowsAsync<WebSocketException>(GreetingAsync);
        await bench.LedgerAsync("ledger.handshake", line => line["status"]!.GetValue<int>() == 401);

        async Task<string> GreetingAsync()
        {
            using var client = new ClientWebSocket();
            client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
            await client.ConnectAsync(new Uri($"ws://{proxy.Listen}/"), CancellationToken.None);
            return await client.ReceiveTextAsync();
        }
    }

    [Fact]
    public async Task A_pass_cannot_say_when_to_come_back()
    {
        await using var bench = await Bench.StartAsync();
        await bench.WebSocketAsync();
        var refused = await Assert.ThrowsAsync<ControlException>(() => bench.FaultAsync("ws_handshake", new JsonObject { ["strip_extensions"] = true, ["retry_after"] = 5 }));
        Assert.Contains("retry_after needs a status", refused.Message, StringComparison.Ordinal);
    }
}
