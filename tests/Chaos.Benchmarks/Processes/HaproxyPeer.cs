using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Chaos.Benchmarks.Processes;

/// <summary>HAProxy from the PATH, in the foreground, with a configuration written for the run.</summary>
internal sealed class HaproxyPeer : Peer
{
    private const string Program = "haproxy";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly string _configuration;

    private HaproxyPeer(Process process, IPEndPoint address, string configuration)
        : base(process, address) => _configuration = configuration;

    /// <summary>It is on the PATH.</summary>
    public static bool IsInstalled => Directories.Any(directory => File.Exists(Path.Combine(directory, Program)));

    // Debian puts it where only root's PATH looks.
    private static IEnumerable<string> Directories => [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/usr/local/sbin"];

    public static async Task<HaproxyPeer> StartAsync(Protocol protocol, IPEndPoint upstream)
    {
        var address = FreeAddress();
        var configuration = Path.Combine(Path.GetTempPath(), $"haproxy-{Environment.ProcessId}-{address.Port}.cfg");
        await File.WriteAllTextAsync(configuration, Configuration(protocol, address, upstream));
        var program = Path.Combine(Directories.First(directory => File.Exists(Path.Combine(directory, Program))), Program);
        var process = Process.Start(new ProcessStartInfo(program, ["-db", "-q", "-f", configuration]))!;
        var peer = new HaproxyPeer(process, address, configuration);
        try
        {
            await peer.WaitUntilListeningAsync();
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (!Process.HasExited) Process.Kill();
        await Process.WaitForExitAsync();
        Process.Dispose();
        File.Delete(_configuration);
    }

    protected override Task<long?> CollectAsync() => Task.FromResult<long?>(null);

    // As many threads as the machine that the goals were set for has cores. Nothing else differs from HAProxy's defaults
    // but the timeouts, which it insists on, and the number of connections.
    private static string Configuration(Protocol protocol, IPEndPoint address, IPEndPoint upstream) =>
        $"""
        global
            nbthread 2
            maxconn 9500
        defaults
            mode {(protocol == Protocol.Tcp ? "tcp" : "http")}
            timeout connect 10s
            timeout client 1h
            timeout server 1h
            timeout tunnel 1h
        frontend in
            bind {address}
            default_backend out
        backend out
            server only {upstream}

        """;

    private static IPEndPoint FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private async Task WaitUntilListeningAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(Address);
                return;
            }
            catch (SocketException) when (!Process.HasExited && Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(20);
            }
        }
    }
}
