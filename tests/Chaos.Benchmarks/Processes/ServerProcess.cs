using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Chaos.Benchmarks.Commands;
using Chaos.Benchmarks.Measuring;
using Chaos.Benchmarks.Servers;

namespace Chaos.Benchmarks.Processes;

/// <summary>A server in a process of its own: this program again, with its hidden command. It ends when this one does.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private ServerProcess(Process process, IPEndPoint address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where its clients connect.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Processor time used so far, user and kernel.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(string what, IPEndPoint? upstream = null)
    {
        List<string> arguments = [ServeCommand.Name, what];
        if (upstream is not null) arguments.AddRange(["--upstream", upstream.ToString()]);
        var program = Environment.ProcessPath!;
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") arguments.Insert(0, Environment.GetCommandLineArgs()[0]);
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var address = await ReadLineAsync(process, what);
        return new ServerProcess(process, IPEndPoint.Parse(address));
    }

    /// <summary>Collects the process' garbage and says what is left.</summary>
    public async Task<MemoryUse> MeasureMemoryAsync()
    {
        await _process.StandardInput.WriteLineAsync(ControlLine.MemoryRequest);
        await _process.StandardInput.FlushAsync();
        return JsonSerializer.Deserialize<MemoryUse>(await ReadLineAsync(_process, "memory"))!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            Console.Error.WriteLine($"A server did not end within {Patience.TotalSeconds} s after its input, and was killed.");
        }

        _process.Dispose();
    }

    private static async Task<string> ReadLineAsync(Process process, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"The server process ended before it answered ({what}).");
    }
}
