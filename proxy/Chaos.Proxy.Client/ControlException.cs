namespace Chaos.Proxy.Client;

/// <summary>The control API refused a request.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="message">The API's own words.</param>
public sealed class ControlException(int status, string message) : Exception(message)
{
    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; } = status;
}
