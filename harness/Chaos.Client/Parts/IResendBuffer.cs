using Chaos.Client.Policies;

namespace Chaos.Client.Parts;

/// <summary>What to do with publishes that were not acknowledged.</summary>
public interface IResendBuffer
{
    /// <summary>Most publishes that wait for an acknowledgement; more are refused at once.</summary>
    int Capacity { get; }

    /// <summary>How long after it was first sent a publish may be sent again, in milliseconds; then it has failed.</summary>
    double WindowMs { get; }

    /// <summary>False forgets what was not acknowledged when its connection is lost or its error is temporary.</summary>
    bool Resends { get; }

    /// <summary>Delay in milliseconds before a publish is sent again after a temporary error.</summary>
    /// <param name="tries">Temporary errors of this publish before this one.</param>
    /// <param name="policy">The declared policy.</param>
    /// <param name="random">The client's stream for such jitter.</param>
    double RetryDelayMs(int tries, ClientPolicy policy, Random random);

    /// <summary>The body to send again.</summary>
    /// <param name="data">The JSON object as it was first sent.</param>
    /// <param name="mid">Its idempotency key.</param>
    /// <param name="resend">How often it was sent before, from 1.</param>
    ReadOnlyMemory<byte> Again(ReadOnlyMemory<byte> data, string mid, int resend);
}

/// <summary>
/// Sends again, unchanged: the body carries its idempotency key <c>mid</c>, so the gateway answers with the stored reply. It stops a
/// minute before the gateway's five-minute memory of keys ends, because a later resend could be taken for a new message.
/// </summary>
/// <param name="Capacity">As in <see cref="IResendBuffer.Capacity"/>; 4,096 by default.</param>
public sealed record IdempotentResend(int Capacity = 4_096) : IResendBuffer
{
    /// <inheritdoc/>
    public double WindowMs => 240_000;

    /// <inheritdoc/>
    public bool Resends => true;

    /// <inheritdoc/>
    public double RetryDelayMs(int tries, ClientPolicy policy, Random random) => random.NextDouble() * Math.Min(LongestDelayMs, policy.UpperBoundMs(tries));

    /// <summary>
    /// Longest delay in milliseconds. A connection that is there costs little to ask on, and asking one message at a time is no storm;
    /// what waits should not wait much longer than what it waits for.
    /// </summary>
    private const double LongestDelayMs = 2_000;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Again(ReadOnlyMemory<byte> data, string mid, int resend) => data;
}
