using System.Text.Json.Nodes;
using Chaos.Proxy.Client;

namespace Chaos.Proxy.Tests.Control;

/// <summary>Everything that the typed client does with a stock Toxiproxy server as well: no more than that server answers.</summary>
internal static class StockWalk
{
    public static async Task WalkAsync(ControlClient control, string upstream)
    {
        Assert.StartsWith("2.", await control.VersionAsync(), StringComparison.Ordinal);
        Assert.Empty(await control.PopulateAsync([]));
        var made = await control.CreateProxyAsync(new ProxyRequest("walk", "127.0.0.1:0", upstream));
        Assert.Equal(("walk", upstream, true), (made.Name, made.Upstream, made.Enabled));
        Assert.Equal(409, (await Assert.ThrowsAsync<ControlException>(() => control.CreateProxyAsync(new ProxyRequest("walk", "127.0.0.1:0", upstream)))).Status);
        Assert.Equal("missing required field: name", (await Assert.ThrowsAsync<ControlException>(() => control.CreateProxyAsync(new ProxyRequest("", "", "")))).Message);
        Assert.Equal(made.Listen, (await control.GetProxyAsync("walk")).Listen);
        Assert.Equal("walk", (await control.GetProxiesAsync())["walk"].Name);

        var toxic = await control.AddToxicAsync("walk", new ToxicRequest("latency", new JsonObject { ["latency"] = 5, ["jitter"] = 1 }));
        Assert.Equal(("latency_downstream", "downstream", 1.0, 5), (toxic.Name, toxic.Stream, toxic.Toxicity, toxic.Attributes["latency"]!.GetValue<int>()));
        var changed = await control.UpdateToxicAsync("walk", "latency_downstream", new ToxicUpdate(new JsonObject { ["latency"] = 7 }, 0.5));
        Assert.Equal((7, 1, 0.5), (changed.Attributes["latency"]!.GetValue<int>(), changed.Attributes["jitter"]!.GetValue<int>(), changed.Toxicity));
        Assert.Equal(0.5, (await control.GetToxicAsync("walk", "latency_downstream")).Toxicity);
        Assert.Single(await control.ListToxicsAsync("walk"));
        Assert.Single((await control.GetProxyAsync("walk")).Toxics!);
        await control.RemoveToxicAsync("walk", "latency_downstream");
        Assert.Equal("toxic not found", (await Assert.ThrowsAsync<ControlException>(() => control.RemoveToxicAsync("walk", "latency_downstream"))).Message);

        Assert.False((await control.UpdateProxyAsync("walk", new ProxyUpdate(Enabled: false))).Enabled);
        await control.ResetAsync();
        Assert.True((await control.GetProxyAsync("walk")).Enabled);
        Assert.Equal(2, (await control.PopulateAsync([new ProxyRequest("walk", made.Listen, upstream), new ProxyRequest("more", "127.0.0.1:0", upstream)])).Count);
        await control.DeleteProxyAsync("more");
        await control.DeleteProxyAsync("walk");
        Assert.Empty(await control.GetProxiesAsync());
        Assert.Equal("proxy not found", (await Assert.ThrowsAsync<ControlException>(() => control.GetProxyAsync("walk"))).Message);
    }
}
