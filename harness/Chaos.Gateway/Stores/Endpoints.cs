using System.Globalization;
using System.Net;

namespace Chaos.Gateway.Stores;

/// <summary>Addresses of stores.</summary>
internal static class Endpoints
{
    /// <summary>Reads host:port, whose shape the settings' validation has checked.</summary>
    public static EndPoint Parse(string address)
    {
        var colon = address.LastIndexOf(':');
        var (host, port) = (address[..colon].Trim('[', ']'), int.Parse(address[(colon + 1)..], CultureInfo.InvariantCulture));
        return IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port);
    }
}
