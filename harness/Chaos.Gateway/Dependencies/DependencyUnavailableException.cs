namespace Chaos.Gateway.Dependencies;

/// <summary>A dependency did not answer, or was not asked because of its state. The caller may try again later.</summary>
internal sealed class DependencyUnavailableException(string dependency, string outcome, Exception inner) : Exception($"{dependency}: {outcome}: {inner.Message}", inner)
{
    /// <summary>"failed", "timeout" or "rejected".</summary>
    public string Outcome { get; } = outcome;
}
