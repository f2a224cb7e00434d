using Chaos.Load.External;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Chaos.Cli.Tests.Live;

/// <summary>The Chromium of this machine, driven through Playwright. Without one a test is skipped; <c>CHAOS_REQUIRE_ALL=1</c> makes that a failure.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    // What the page cannot tell by itself: when a fault was first to be seen, how much has moved under the reader's eyes, and how long the machine did nothing at all.
    private const string Watch = """
        window.faultSeenAt = null; window.shift = 0; window.stoodStillMs = 0;
        let ticked = Date.now();
        setInterval(() => { const now = Date.now(); window.stoodStillMs = Math.max(window.stoodStillMs, now - ticked - 50); ticked = now; }, 50);
        new MutationObserver(() => { if (!window.faultSeenAt && document.querySelector('#strip[data-state=fault] .headline')) window.faultSeenAt = Date.now(); })
          .observe(document, { subtree: true, childList: true, attributes: true });
        new PerformanceObserver(list => { for (const e of list.getEntries()) window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
        """;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Everything that the console called an error, and every exception that nobody caught.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<Browser> StartAsync()
    {
        var program = Names.Select(Programs.Find).FirstOrDefault(p => p is not null);
        if (program is null && Environment.GetEnvironmentVariable("CHAOS_REQUIRE_ALL") != "1") Assert.Skip($"not found on PATH: {string.Join(", ", Names)}");
        Assert.True(program is not null, "CHAOS_REQUIRE_ALL is set, but there is no Chromium on PATH");
        Assertions.SetDefaultExpectTimeout(60_000);
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"] }));
    }

    public async Task<IPage> OpenAsync(Uri address, int width = 1280, int height = 800)
    {
        var page = await _browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
        page.Console += (_, message) => { if (message.Type == "error") Note(message.Text); };
        page.PageError += (_, error) => Note(error);
        await page.AddInitScriptAsync(Watch);
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>Keeps what the page looks like in both themes, on a laptop and on a phone, and looks at each for what does not fit, and with axe for what some people could not read or reach.</summary>
    public static async Task KeepAsync(IPage page, string name)
    {
        var folder = Path.Combine(ChaosProcess.Root, "reports", "out", "live-page");
        foreach (var (device, width, height) in new[] { ("laptop", 1280, 800), ("phone", 390, 844) })
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                var found = await page.RunAxe();
                Assert.True(found.Violations.Length == 0, $"{name} on a {device}, {scheme}: {string.Join("; ", found.Violations.Select(v => $"{v.Help}: {string.Join(", ", v.Nodes.Select(n => n.Html))}"))}");
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{device}-{scheme.ToString().ToLowerInvariant()}.png"), FullPage = true });
            }

            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name}: the page is wider than a {device}");
        }

        await page.SetViewportSizeAsync(1280, 800);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Null });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Note(string error)
    {
        lock (Errors) Errors.Add(error);
    }
}
