namespace Chaos.Proxy.Links;

/// <summary>How a connection came to its end.</summary>
/// <param name="By">"client", "upstream", "fault" or "proxy".</param>
/// <param name="How">"fin", "rst", "close" (a WebSocket close frame) or "tls" (the TLS handshake failed; the reason says why).</param>
/// <param name="Fault">The fault that ended it.</param>
internal sealed record Ending(string By, string How, int? Code = null, string? Reason = null, string? Fault = null)
{
    public const string Client = "client";
    public const string Upstream = "upstream";
    public const string ByFault = "fault";
    public const string Proxy = "proxy";
    public const string Fin = "fin";
    public const string Rst = "rst";
    public const string Close = "close";
    public const string Tls = "tls";
}
