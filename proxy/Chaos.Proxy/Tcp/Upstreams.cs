using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Chaos.Proxy.Tcp;

/// <summary>The upstreams of a proxy, taken in turn.</summary>
internal sealed class Upstreams
{
    /// <summary>How long dialling may take. A dead upstream must not hold a client longer than its own patience.</summary>
    public static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    private readonly DnsEndPoint[] _all;
    private int _next = -1;

    private Upstreams(DnsEndPoint[] all) => _all = all;

    /// <summary>Parses <c>host:port</c>, or a comma-separated list of them.</summary>
    /// <exception cref="FormatException">An entry is not of that form.</exception>
    public static Upstreams Parse(string text) => new([.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne)]);

    /// <summary>As <see cref="Parse"/>, but a malformed text leads nowhere: dialling fails, as with Toxiproxy.</summary>
    public static Upstreams ParseLenient(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (FormatException)
        {
            return new Upstreams([]);
        }
    }

    /// <summary>Parses one <c>host:port</c>; the host may be empty or an IPv6 address in brackets.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static DnsEndPoint ParseOne(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
            throw new FormatException($"address {text}: must be host:port");
        var host = text[..colon].Trim('[', ']');
        return new DnsEndPoint(host.Length == 0 ? "0.0.0.0" : host, port);
    }

    /// <summary>Connects to the next upstream.</summary>
    /// <exception cref="SocketException">It is not reachable, or did not answer in time.</exception>
    public async Task<Socket> DialAsync(CancellationToken cancellation)
    {
        if (_all.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        var target = _all[(uint)Interlocked.Increment(ref _next) % (uint)_all.Length];
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(DialTimeout);
        var literal = IPAddress.TryParse(target.Host, out var address);
        var socket = literal ? new Socket(address!.AddressFamily, SocketType.Stream, ProtocolType.Tcp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (literal) await socket.ConnectAsync(new IPEndPoint(address!, target.Port), timeout.Token).ConfigureAwait(false);
            else await socket.ConnectAsync(target, timeout.Token).ConfigureAwait(false);
            return socket;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
