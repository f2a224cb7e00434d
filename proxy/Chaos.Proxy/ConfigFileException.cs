namespace Chaos.Proxy;

/// <summary>A configuration file cannot be used.</summary>
/// <param name="errors">Everything that is wrong with it, each as <c>file:line:column: message. hint</c>.</param>
public sealed class ConfigFileException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    /// <summary>Everything that is wrong with it, each as <c>file:line:column: message. hint</c>.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
