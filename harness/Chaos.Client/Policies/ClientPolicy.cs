namespace Chaos.Client.Policies;

/// <summary>
/// A client's declared behaviour towards a failing connection. It is data, so that a verdict can test what a client did
/// against what it declared.
/// </summary>
public sealed record ClientPolicy
{
    /// <summary>Upper bound of the first backoff in milliseconds, 1 to 60,000.</summary>
    public double BaseMs { get; init; } = 500;

    /// <summary>Growth of the upper bound from one attempt to the next, 1 to 10.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>Largest upper bound in milliseconds, at least <see cref="BaseMs"/>.</summary>
    public double CapMs { get; init; } = 20_000;

    /// <summary>Name of the distribution: <c>full-jitter</c>, uniform on [0, min(cap, base × factor^k))
    /// (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).</summary>
    public string Distribution { get; init; } = "full-jitter";

    /// <summary>How long a connection must have lived after the connect reply before attempts count from 0 again, in milliseconds.</summary>
    public double StableMs { get; init; } = 5_000;

    /// <summary>Longest wait for socket and connect reply in milliseconds; then the attempt has failed.</summary>
    public double ConnectTimeoutMs { get; init; } = 5_000;

    /// <summary>Time from one ping of a client that knows no more than WebSocket to the next, in milliseconds; 0 sends none and never gives a
    /// silent connection up. Clients that speak a protocol go by the interval that their gateway announces.</summary>
    public double PingIntervalMs { get; init; } = 5_000;

    /// <summary>Added to the ping interval before a silent connection is given up, in milliseconds.</summary>
    public double PingSlackMs { get; init; } = 1_000;

    /// <summary>Longest wait for the peer's close frame once this side has closed, in milliseconds.</summary>
    public double CloseTimeoutMs { get; init; } = 1_000;

    /// <summary>Longest wait for the reply to a publish before it is sent again on the same connection; 0 waits for ever.</summary>
    public double PublishTimeoutMs { get; init; } = 5_000;

    /// <summary>Whether a publish that was not acknowledged is sent again, until it is; otherwise it is dropped.</summary>
    public bool Resend { get; init; } = true;

    /// <summary>Attempts in a row that fail in one region before the next nearest is tried, where the client knows several; 1 to 100.</summary>
    public int MoveAfter { get; init; } = 2;

    /// <summary>How long a client that had to go to another region stays there at least before it looks whether the nearest can be reached again, in
    /// milliseconds.</summary>
    public double ReturnAfterMs { get; init; } = 10_000;

    /// <summary>Upper bound of the backoff before attempt <paramref name="attempt"/> (0 is the first after a loss), in milliseconds.</summary>
    public double UpperBoundMs(int attempt) => Math.Min(CapMs, BaseMs * Math.Pow(Factor, attempt));
}
