using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Chaos.Cli.Hosting;
using Chaos.Load.Processes;

namespace Chaos.Cli.Stores;

/// <summary>A real <c>redis-server</c> as a child of this process, in memory only.</summary>
internal sealed class RedisServer : IStorePart
{
    private const string Ready = "Ready to accept connections";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    private readonly ChildProcess _process;

    private RedisServer(ChildProcess process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    /// <summary>Starts one.</summary>
    /// <param name="program">Its path, or a name on PATH.</param>
    /// <param name="port">Port on 127.0.0.1, 0 for a free one.</param>
    /// <exception cref="UsageException">There is no such program, or it does not start.</exception>
    public static async Task<RedisServer> StartAsync(string program, int port)
    {
        var said = "";
        // Between finding a free port and binding it somebody else can take it.
        for (var attempt = 0; attempt < (port == 0 ? 10 : 1); attempt++)
        {
            var address = new IPEndPoint(IPAddress.Loopback, port == 0 ? FreePort() : port);
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var lines = new LineTail();
            var process = Start(program, address, line =>
            {
                lines.Add(line);
                if (line.Contains(Ready, StringComparison.Ordinal)) ready.TrySetResult();
            });
            await Task.WhenAny(ready.Task, process.Exited, Task.Delay(StartLimit)).ConfigureAwait(false);
            if (ready.Task.IsCompleted) return new RedisServer(process, address);
            said = $"{lines}\n{process.Errors}".Trim();
            await EndAsync(process).ConfigureAwait(false);
        }

        throw new UsageException($"{program} did not start: {said}");
    }

    public async ValueTask DisposeAsync() => await EndAsync(_process).ConfigureAwait(false);

    private static async Task EndAsync(ChildProcess process)
    {
        // It keeps nothing, so there is nothing to be said for a slower end.
        process.Kill();
        await process.DisposeAsync().ConfigureAwait(false);
    }

    private static ChildProcess Start(string program, IPEndPoint address, Action<string> onLine)
    {
        try
        {
            return ChildProcess.Start(program, ["--port", address.Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], null, onLine);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UsageException($"{program} cannot be started: {e.Message}. Install Redis 7 (Debian: redis-server), or use the embedded store.");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
