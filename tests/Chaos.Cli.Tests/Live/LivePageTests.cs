using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Live.Hosting;

namespace Chaos.Cli.Tests.Live;

/// <summary>What the page's server gives, and to whom.</summary>
public sealed class LivePageTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private LivePage? _page;

    [Fact]
    public async Task The_state_comes_as_events_and_follows_the_journal()
    {
        var page = await ServeAsync(LiveSample.RunStarted(), LiveSample.Started(), LiveSample.Connected(1, 1));
        using var response = await _http.GetAsync(new Uri(page.Address, "/events"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(1, Connected(await NextAsync(reader)));
        Append(LiveSample.Connected(2, 2));
        while (Connected(await NextAsync(reader)) != 2)
        {
            // An update may be on its way that knows nothing of it yet; the test's deadline ends this.
        }
    }

    [Fact]
    public async Task An_experiment_that_has_ended_is_judged_from_the_journal()
    {
        var page = await ServeAsync(LiveSample.RunStarted(), LiveSample.Started(), LiveSample.Phase(Phases.Baseline, 1), LiveSample.Ended(9, EndReason.Interrupted), new RunEnded("interrupted", 130) { At = LiveSample.At(10) });
        using var reader = new StreamReader(await _http.GetStreamAsync(new Uri(page.Address, "/events")));
        JsonElement verdict;
        while (!Experiment(await NextAsync(reader)).TryGetProperty("verdict", out verdict))
        {
            // It is judged in the background.
        }

        Assert.Equal("interrupted", verdict.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.168.0.7", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    public async Task Only_names_of_this_machine_lead_to_the_page(string host, HttpStatusCode status)
    {
        var page = await ServeAsync(LiveSample.RunStarted());
        foreach (var path in new[] { "/", "/live.js" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(page.Address, path));
            request.Headers.Host = $"{host}:{page.Address.Port}";
            using var response = await _http.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("http://evil.example", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("null", null, HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData("own", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("own", "same-origin", HttpStatusCode.OK)]
    public async Task Only_the_page_itself_may_halt(string? origin, string? site, HttpStatusCode status)
    {
        var page = await ServeAsync(LiveSample.RunStarted());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(page.Address, "/halt"));
        if (origin is not null) request.Headers.Add("Origin", origin == "own" ? $"http://{page.Address.Authority}" : origin);
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        using var response = await _http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Nothing_comes_from_elsewhere_and_nothing_is_kept()
    {
        var page = await ServeAsync(LiveSample.RunStarted());
        using var response = await _http.GetAsync(page.Address);
        Assert.Contains("default-src 'none'", string.Join("", response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(new CacheControlHeaderValue { NoStore = true }, response.Headers.CacheControl);
        Assert.DoesNotContain("https://", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_page is not null) await _page.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<LivePage> ServeAsync(params JournalEvent[] events)
    {
        Append(events);
        return _page = await LivePage.StartAsync(new LivePageOptions(_folder["journal.jsonl"], 0, null, Judges: true), new Clock());
    }

    private void Append(params JournalEvent[] events)
    {
        using var file = new FileStream(_folder["journal.jsonl"], FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        foreach (var e in events) file.Write([.. JournalFormat.ToUtf8(e), (byte)'\n']);
    }

    private static async Task<JsonDocument> NextAsync(StreamReader reader)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return JsonDocument.Parse(line["data: ".Length..]);
        }

        throw new InvalidOperationException("The server closed the stream.");
    }

    private static JsonElement Experiment(JsonDocument update) => update.RootElement.GetProperty("state").GetProperty("shown")[0];

    private static int Connected(JsonDocument update) => Experiment(update).GetProperty("connections").GetProperty("connected").GetInt32();
}
