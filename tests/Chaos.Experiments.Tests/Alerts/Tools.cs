using System.Diagnostics;
using Chaos.Load.External;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>
/// promtool and amtool. Without them a test is skipped with the reason; where <c>CHAOS_REQUIRE_ALL=1</c> says that everything must be
/// there, it fails.
/// </summary>
internal static class Tools
{
    public static Task<string> PromtoolAsync(params string[] arguments) => RunAsync("promtool", "prometheus", arguments);

    public static Task<string> AmtoolAsync(params string[] arguments) => RunAsync("amtool", "prometheus-alertmanager", arguments);

    /// <summary>Skips, or fails, without a program.</summary>
    public static string Need(string program, string package)
    {
        if (Programs.Find(program) is { } path) return path;
        var missing = $"{program} is not on PATH (Debian package {package})";
        if (Environment.GetEnvironmentVariable("CHAOS_REQUIRE_ALL") == "1") Assert.Fail($"CHAOS_REQUIRE_ALL is set, but {missing}");
        Assert.Skip(missing);
        return "";
    }

    /// <summary>What it prints; a failed assertion with that when it does not end with 0.</summary>
    private static async Task<string> RunAsync(string program, string package, string[] arguments)
    {
        var start = new ProcessStartInfo(Need(program, package)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within two minutes");
        }

        var said = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{said}");
        return said;
    }
}
