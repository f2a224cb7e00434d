namespace Chaos.Gateway.Dependencies;

/// <summary>Redis did not answer, or was not asked because of its state. The caller may try again later.</summary>
internal sealed class DependencyUnavailableException(string outcome, Exception inner) : Exception($"redis: {outcome}: {inner.Message}", inner)
{
    /// <summary>"failed", "timeout" or "rejected".</summary>
    public string Outcome { get; } = outcome;
}
