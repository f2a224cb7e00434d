using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Chaos.Benchmarks.Commands;
using Chaos.Benchmarks.Servers;
using Chaos.Proxy.Tcp;

namespace Chaos.Benchmarks.Processes;

/// <summary>A peer that is this program again, with its hidden command. It ends when this process does.</summary>
internal sealed class DotnetPeer : Peer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private DotnetPeer(Process process, ServerReady ready)
        : base(process, IPEndPoint.Parse(ready.Address)) => (Control, Ledger) = (ready.Control, ready.Ledger);

    /// <summary>Its control API, if it has one.</summary>
    public Uri? Control { get; }

    /// <summary>The file it writes its ledger to, if it does.</summary>
    public string? Ledger { get; }

    public static async Task<DotnetPeer> StartAsync(string what, Protocol protocol, IPEndPoint? upstream = null)
    {
        List<string> arguments = [ServeCommand.Name, what, ServeCommand.ProtocolOption, protocol.ToString()];
        if (upstream is not null) arguments.AddRange([ServeCommand.UpstreamOption, upstream.ToString()]);
        var program = Environment.ProcessPath!;
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") arguments.Insert(0, Environment.GetCommandLineArgs()[0]);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment.Remove(InlineSockets.Variable);
        var process = Process.Start(start)!;
        var ready = JsonSerializer.Deserialize<ServerReady>(await ReadLineAsync(process, what))!;
        return new DotnetPeer(process, ready);
    }

    public override async ValueTask DisposeAsync()
    {
        Process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await Process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Process.Kill();
            Console.Error.WriteLine($"A server did not end within {Patience.TotalSeconds} s after its input, and was killed.");
        }

        Process.Dispose();
    }

    protected override async Task<long?> CollectAsync()
    {
        await Process.StandardInput.WriteLineAsync(ControlLine.CollectRequest);
        await Process.StandardInput.FlushAsync();
        return long.Parse(await ReadLineAsync(Process, ControlLine.CollectRequest), CultureInfo.InvariantCulture);
    }

    private static async Task<string> ReadLineAsync(Process process, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"The server process ended before it answered ({what}).");
    }
}
