using System.Runtime.InteropServices;

namespace Chaos.Proxy.Sidecar;

/// <summary>
/// A script that starts a command in the background makes the shell ignore SIGINT for it, and the runtime honours that. What
/// injects faults must be stoppable by SIGINT however it was started: it has them to undo.
/// </summary>
public static class InterruptSignal
{
    private const int Sigint = 2;
    private const nint Default = 0;

    /// <summary>Takes back an inherited "ignore", before the runtime looks at it. No effect on Windows.</summary>
    public static void Accept()
    {
        if (!OperatingSystem.IsWindows()) _ = Signal(Sigint, Default);
    }

    [DllImport("libc", EntryPoint = "signal"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Signal(int signal, nint handler);
}
