using Chaos.Gateway.Upstream;
using Polly.Timeout;
using StackExchange.Redis;

namespace Chaos.Gateway.Dependencies;

/// <summary>Which failures of a dependency say something about its health: they count for the breaker and may be retried.</summary>
internal static class Transient
{
    private static readonly string[] ServerStates = ["LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN", "READONLY", "OOM", "MISCONF"];

    public static bool Is(Exception? exception) => exception switch
    {
        RedisServerException e => Array.Exists(ServerStates, s => e.Message.StartsWith(s, StringComparison.Ordinal)),
        RedisException or TimeoutException or TimeoutRejectedException => true,
        HttpRequestException or NoAnswerException => true,
        ObjectDisposedException => true,
        _ => false,
    };
}
