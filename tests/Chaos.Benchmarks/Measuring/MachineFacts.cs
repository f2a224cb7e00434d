using System.Runtime.InteropServices;

namespace Chaos.Benchmarks.Measuring;

/// <summary>What a reader needs to know about the machine before comparing figures with their own.</summary>
internal sealed record MachineFacts(string Processor, int Cores, string System, string Runtime, string Build, string LoadBefore, string LoadAfter)
{
    public static MachineFacts Read(string loadBefore) => new(
        ReadProcessor(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, Configuration, loadBefore, ReadLoad());

    /// <summary>The load averages of 1, 5 and 15 minutes, where the system has them.</summary>
    public static string ReadLoad() => OperatingSystem.IsLinux() ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";

    private static string Configuration =>
#if DEBUG
        "Debug (figures of a Debug build mean nothing: use -c Release)";
#else
        "Release";
#endif

    private static string ReadProcessor()
    {
        if (!OperatingSystem.IsLinux()) return RuntimeInformation.ProcessArchitecture.ToString();
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
