namespace Chaos.Experiments.Engine.Processes;

/// <summary>How to start another instance of this program: gateways, proxies and stores are commands of it.</summary>
/// <param name="FileName">Executable.</param>
/// <param name="Prefix">Arguments before the command, such as the assembly for the <c>dotnet</c> host.</param>
public sealed record Self(string FileName, IReadOnlyList<string> Prefix)
{
    /// <summary>The running program itself.</summary>
    public static Self Current()
    {
        var process = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process is unknown.");
        var isDotnetHost = Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isDotnetHost ? new Self(process, [Environment.GetCommandLineArgs()[0]]) : new Self(process, []);
    }
}
