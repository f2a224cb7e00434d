namespace Chaos.Proxy;

/// <summary>How a proxy process is set up.</summary>
public sealed record ProxyHostOptions
{
    /// <summary>Address of the control API, host:port; port 0 takes a free one. Default: Toxiproxy's, on loopback.</summary>
    public string Listen { get; init; } = "127.0.0.1:8474";

    /// <summary>Every random decision derives from it.</summary>
    public long Seed { get; init; }

    /// <summary>Where the ledger goes: a file, "-" for standard output, null for nowhere.</summary>
    public string? Ledger { get; init; }

    /// <summary>Bearer token of the control API. Needed where <see cref="Listen"/> is not loopback.</summary>
    public string? ControlToken { get; init; }

    /// <summary>
    /// A JSON file with the proxies to begin with: an array as for <c>POST /populate</c>; each may have <c>toxics</c>
    /// and <c>faults</c>.
    /// </summary>
    public string? ConfigFile { get; init; }
}
