using System.Diagnostics;
using System.Text;

namespace Chaos.Cli.Tests;

/// <summary>The command line as a user runs it: a process of its own, with its output kept.</summary>
internal sealed class ChaosProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private ChaosProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Append(_errors, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public static ChaosProcess Start(params string[] arguments) => Launch("dotnet", [], arguments);

    /// <summary>As a shell script starts a command in the background: with SIGINT ignored.</summary>
    public static ChaosProcess StartInBackground(params string[] arguments) => Launch("bash", ["-c", "trap '' INT; exec dotnet \"$@\"", "bash"], arguments);

    /// <summary>With other programs on PATH.</summary>
    public static ChaosProcess StartWithPath(string path, params string[] arguments) => Launch("dotnet", [], arguments, path);

    private static ChaosProcess Launch(string program, string[] before, string[] arguments, string? path = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = Root,
        };
        if (path is not null) start.Environment["PATH"] = path;
        foreach (var argument in before) start.ArgumentList.Add(argument);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Chaos.Cli.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new ChaosProcess(Process.Start(start)!);
    }

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var chaos = Start(arguments);
        return (await chaos.ExitAsync(TimeSpan.FromMinutes(10)), chaos.Output, chaos.Errors);
    }

    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            Assert.Fail($"It did not end within {within.TotalSeconds:0} s.\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    /// <summary>Whether a process of that id runs.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false; // There is no such process any more.
        }
    }

    /// <summary>Writes a line to its standard input.</summary>
    public void Say(string line) => _process.StandardInput.WriteLine(line);

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    /// <summary>The project's root, found upward from the test's own folder.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Chaos.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.AppendLine(line);
    }

    private static string Read(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
