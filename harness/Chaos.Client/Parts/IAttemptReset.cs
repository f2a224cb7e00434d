using Chaos.Client.Policies;

namespace Chaos.Client.Parts;

/// <summary>When attempts count from 0 again.</summary>
public interface IAttemptReset
{
    /// <summary>True when an open socket alone resets the count.</summary>
    bool ResetsOnOpen { get; }

    /// <summary>How long a connection must live after the connect reply to reset the count, in milliseconds.</summary>
    double StableMs(ClientPolicy policy);
}

/// <summary>Only a connect reply followed by <see cref="ClientPolicy.StableMs"/> of life resets the count: a gateway that accepts and
/// drops must see growing gaps.</summary>
public sealed class ResetWhenStable : IAttemptReset
{
    /// <inheritdoc/>
    public bool ResetsOnOpen => false;

    /// <inheritdoc/>
    public double StableMs(ClientPolicy policy) => policy.StableMs;
}
