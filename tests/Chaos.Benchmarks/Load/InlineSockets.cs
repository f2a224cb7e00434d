namespace Chaos.Benchmarks.Load;

/// <summary>
/// Makes the runtime handle socket events on the threads that wait for them, without the thread pool between: the load generator shares
/// the machine with what it measures, and should take as little of it as it can.
/// </summary>
internal static class InlineSockets
{
    public const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>For this process; takes effect only before its first socket.</summary>
    public static void Use() => Environment.SetEnvironmentVariable(Variable, "1");
}
