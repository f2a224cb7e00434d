using System.Net.Http;

namespace Chaos.Client.Sockets;

/// <summary>Asks a gateway whether it takes clients.</summary>
internal static class Probe
{
    // One for all clients: a probe is rare, and its connection is not kept.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Whether <c>/readyz</c> beside a WebSocket address answers with success in time.</summary>
    public static async Task<bool> IsReadyAsync(Uri socket, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        var address = new UriBuilder(socket) { Scheme = socket.Scheme == "wss" ? "https" : "http", Path = "/readyz" }.Uri;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var reply = await Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return reply.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
