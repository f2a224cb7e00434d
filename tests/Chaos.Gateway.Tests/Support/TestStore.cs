using System.Diagnostics;
using System.Globalization;
using Chaos.Gateway.Stores;

namespace Chaos.Gateway.Tests.Support;

/// <summary>The stores that tests run on: one embedded one for all tests, and a real redis-server where there is one.</summary>
internal static class TestStore
{
    private static readonly Lazy<EmbeddedStore> Garnet = new(() => EmbeddedStore.Start());
    private static readonly Lazy<string?> Real = new(StartReal);

    public const string Embedded = "embedded";
    public const string Redis = "redis-server";

    /// <summary>Both kinds, for theories.</summary>
    public static TheoryData<string> Kinds => [Embedded, Redis];

    /// <summary>host:port of a store of a kind; skips the test where there is none.</summary>
    public static string Address(string kind)
    {
        if (kind == Embedded) return Garnet.Value.Address.ToString();
        const string missing = "there is no redis-server on PATH";
        // Where everything must be there, a skip would hide a broken set-up.
        if (Real.Value is null && Environment.GetEnvironmentVariable("CHAOS_REQUIRE_ALL") == "1") Assert.Fail($"CHAOS_REQUIRE_ALL is set, but {missing}");
        Assert.SkipUnless(Real.Value is not null, missing);
        return Real.Value!;
    }

    /// <summary>A channel that no other test uses: all tests share their store.</summary>
    public static string Channel(string tenant = "acme", string name = "ch") => $"{tenant}:{name}-{Guid.NewGuid().ToString("N")[..10]}";

    private static string? StartReal()
    {
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!paths.Any(p => File.Exists(Path.Combine(p, "redis-server")))) return null;
        var port = LoopbackPort.Free();
        var start = new ProcessStartInfo("redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.Kill();
        for (string? line; (line = process.StandardOutput.ReadLine()) is not null;)
        {
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal)) continue;
            // What it says later must not fill the pipe.
            _ = process.StandardOutput.ReadToEndAsync();
            return $"127.0.0.1:{port}";
        }
        throw new InvalidOperationException("redis-server did not start");
    }
}
