using System.Net;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Telemetry;

namespace Chaos.Gateway.Upstream;

/// <summary>Asks over HTTP, and remembers for a while what was allowed.</summary>
internal sealed class HttpAuthorization : IUpstreamAuthorization, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        // A pooled connection that turns out to be broken is replaced inside the handler, and the request sent once more, where no budget
        // counts it: each attempt gets a connection of its own.
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        // The pipeline's limits hold, and no others.
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 65_536,
    };

    private readonly Uri _url;
    private readonly DependencyGate _gate;
    private readonly AllowedBefore _allowed;

    public HttpAuthorization(GatewaySettings settings, IDependencyPipelineFactory factory, DependencyMetrics metrics, TimeProvider time)
    {
        var upstream = settings.Upstream ?? throw new InvalidOperationException("There is no upstream service to ask: the setting upstream is missing.");
        _url = new Uri(upstream.Url.TrimEnd('/') + "/authorize");
        _gate = new DependencyGate(Dependency.Of(Dependency.Upstream, upstream.Dependency), factory, metrics, time);
        _allowed = new AllowedBefore(TimeSpan.FromMilliseconds(upstream.AllowTtlMs), upstream.AllowEntries, time);
    }

    public async ValueTask<bool> AllowsAsync(ChannelRequest request)
    {
        if (_allowed.Contains(request)) return true;
        var allows = await _gate.RunAsync((_http, Url: Question(request)), static (s, cancel) => AskAsync(s._http, s.Url, cancel));
        if (allows) _allowed.Add(request);
        return allows;
    }

    public void Dispose()
    {
        _http.Dispose();
        _allowed.Dispose();
    }

    /// <summary>One attempt. The whole answer is read: one that breaks off is none.</summary>
    private static async Task<bool> AskAsync(HttpClient http, Uri url, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(url, cancel);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.Forbidden => false,
            _ => throw new NoAnswerException(answer.StatusCode),
        };
    }

    private Uri Question(ChannelRequest request) => new(
        $"{_url}?user={Uri.EscapeDataString(request.Who.User)}&tenant={Uri.EscapeDataString(request.Who.Tenant)}&channel={Uri.EscapeDataString(request.Channel)}&action={Name(request.Action)}");

    private static string Name(ChannelAction action) => action switch
    {
        ChannelAction.Subscribe => "subscribe",
        ChannelAction.Publish => "publish",
        _ => "history",
    };
}
