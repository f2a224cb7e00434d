using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Chaos.Proxy.Tests.Sidecar;

/// <summary>The program as a user runs it: a process of its own, with its output kept. The ledger is its standard output.</summary>
internal sealed class SidecarProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private SidecarProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its process id, as /proc names it.</summary>
    public string Id => _process.Id.ToString(CultureInfo.InvariantCulture);

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public Uri Control { get; private set; } = null!;

    public static SidecarProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Remove("CHAOS_CONTROL_TOKEN");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "chaos-proxy.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new SidecarProcess(Process.Start(start)!);
    }

    /// <summary>Starts it with the ledger on standard output, and waits until it is up.</summary>
    public static async Task<SidecarProcess> ReadyAsync(params string[] arguments)
    {
        var process = Start(["--listen", "127.0.0.1:0", "--ledger", "-", .. arguments]);
        await Support.Bench.Until(() => process.Lines("proxy.ready").Length > 0, () => process.Output + process.Errors);
        process.Control = new Uri(process.Lines("proxy.ready")[0]["address"]!.GetValue<string>());
        return process;
    }

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return (await process.ExitAsync(), process.Output, process.Errors);
    }

    /// <summary>Ledger lines of a kind so far.</summary>
    public JsonObject[] Lines(string kind) =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).Where(line => line["kind"]!.GetValue<string>() == kind)];

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id]);
        kill.WaitForExit();
    }

    public void EndInput() => _process.StandardInput.Close();

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text)
            text.Append(line).Append('\n');
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
