using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Chaos.Proxy.Control.Api;

namespace Chaos.Proxy.Control;

/// <summary>Addresses to listen on, read and refused as Go's net package does it, since clients know its texts.</summary>
internal static class ListenAddress
{
    /// <summary>
    /// Turns <c>host:port</c> into an address. An empty host is every address, of IPv4 and IPv6; a name is looked up
    /// for at most 400 ms, and its first IPv4 address is taken.
    /// </summary>
    /// <exception cref="ControlError">It is malformed, or the name is not known.</exception>
    public static IPEndPoint Resolve(string listen)
    {
        var (host, portText) = Split(listen);
        var port = PortOf(portText);
        if (host.Length == 0) return new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
        return new IPEndPoint(IPAddress.TryParse(host, out var literal) ? literal : LookUp(host), port);
    }

    /// <summary>Checks an address of a file, without looking names up.</summary>
    /// <exception cref="ControlError">It is malformed.</exception>
    public static string Check(string listen)
    {
        try
        {
            _ = PortOf(Split(listen).Port);
            return listen;
        }
        catch (ControlError e)
        {
            throw ControlError.BadBody($"listen: {e.Message}");
        }
    }

    /// <summary>As <see cref="Resolve"/>, in the words of somebody who is about to listen.</summary>
    /// <exception cref="ControlError">It is malformed, or the name is not known.</exception>
    public static IPEndPoint ToListen(string listen)
    {
        try
        {
            return Resolve(listen);
        }
        catch (ControlError e)
        {
            throw Refuse($"listen tcp: {e.Message}");
        }
    }

    /// <summary>Why a socket could not listen, as Go says it.</summary>
    public static ControlError Unusable(IPEndPoint address, SocketException e) => Refuse($"listen tcp {address}: bind: " + e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        SocketError.AccessDenied => "permission denied",
        _ => e.Message,
    });

    private static ControlError Refuse(string message) => new(500, message);

    private static int PortOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
        ? port : throw Refuse($"address {text}: invalid port");

    private static (string Host, string Port) Split(string listen)
    {
        var colon = listen.LastIndexOf(':');
        if (colon < 0) throw Refuse($"address {listen}: missing port in address");
        var host = listen[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal)) throw Refuse($"address {listen}: too many colons in address");
        return (host, listen[(colon + 1)..]);
    }

    // Others wait for the change that waits for this, and every call is to be answered within a second.
    private static readonly TimeSpan LookUpLimit = TimeSpan.FromMilliseconds(400);

    private static IPAddress LookUp(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return IPAddress.Loopback;
        try
        {
            var lookup = Dns.GetHostAddressesAsync(host);
            if (Task.WaitAny([lookup], LookUpLimit) < 0) throw Refuse($"lookup {host}: i/o timeout");
            var found = lookup.GetAwaiter().GetResult();
            return Array.Find(found, address => address.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw Refuse($"lookup {host}: no such host");
        }
    }
}
