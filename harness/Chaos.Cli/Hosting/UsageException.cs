namespace Chaos.Cli.Hosting;

/// <summary>The user asked for something that cannot be done; the message says what to do instead. Exit code 64.</summary>
internal sealed class UsageException(string message) : Exception(message);
