namespace Chaos.Proxy.Tcp;

/// <summary>
/// Makes the runtime handle socket events on the threads that wait for them, without a hop to the thread pool for each. That hop costs
/// a proxy of small messages more processor time than all its other work. It is a setting of the whole process, so a program whose only
/// work is the proxy makes it, not the library.
/// </summary>
public static class InlineSockets
{
    /// <summary>Name of the runtime's variable; 1 is on, and 0 is off, which is the runtime's default.</summary>
    public const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Turns it on, unless the environment has an opinion of its own. Takes effect only before the first socket of the process.</summary>
    public static void Use()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) Environment.SetEnvironmentVariable(Variable, "1");
    }
}
