namespace Chaos.Proxy;

/// <summary>How a proxy process is set up.</summary>
public sealed record ProxyHostOptions
{
    /// <summary>Address of the control API, host:port; port 0 takes a free one. Default: Toxiproxy's, on loopback.</summary>
    public string Listen { get; init; } = "127.0.0.1:8474";

    /// <summary>The seed where neither the options nor the configuration file have one.</summary>
    public const long DefaultSeed = 1;

    /// <summary>Every random decision derives from it. Default: that of the configuration file, or <see cref="DefaultSeed"/>.</summary>
    public long? Seed { get; init; }

    /// <summary>Where the ledger goes: a file, "-" for standard output, null for nowhere.</summary>
    public string? Ledger { get; init; }

    /// <summary>Bearer token of the control API. Needed where <see cref="Listen"/> is not loopback.</summary>
    public string? ControlToken { get; init; }

    /// <summary>
    /// A JSON file with the proxies to begin with: Toxiproxy's array, or an object with <c>seed</c> and <c>proxies</c>; each
    /// proxy may have <c>toxics</c> and <c>faults</c>.
    /// </summary>
    public string? ConfigFile { get; init; }

    /// <summary>How long a TLS handshake with a client or an upstream may take: a silent peer must not hold a connection for ever. Default: 10 s.</summary>
    public TimeSpan TlsHandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long open connections may take to end by themselves when the proxy stops. Default: no time.</summary>
    public TimeSpan Drain { get; init; }
}
