using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Chaos.Proxy.Tls;

namespace Chaos.Proxy.Tcp;

/// <summary>A connection to an upstream.</summary>
/// <param name="Tls">On top of the socket; null where it is in the clear.</param>
internal sealed record Dialled(Socket Socket, SslStream? Tls);

/// <summary>The upstreams of a proxy, taken in turn by their weights.</summary>
internal sealed class Upstreams
{
    /// <summary>How long dialling may take. A dead upstream must not hold a client longer than its own patience.</summary>
    public static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    private readonly UpstreamTrust? _trust;
    private readonly TlsHandshake _handshake;
    private volatile DnsEndPoint[] _turns;
    private int _next = -1;

    private Upstreams(DnsEndPoint[] turns, TlsHandshake handshake, UpstreamTrust? trust) => (_turns, _handshake, _trust) = (turns, handshake, trust);

    /// <summary>How long a dial may take, its TLS handshake included.</summary>
    public TimeSpan Patience => DialTimeout + _handshake.Limit;

    /// <summary>Parses <c>host:port</c>, <c>host:port*weight</c>, or a comma-separated list of them.</summary>
    /// <param name="trust">Whom to take for an upstream; null to talk in the clear.</param>
    /// <exception cref="FormatException">An entry is not of that form.</exception>
    public static Upstreams Parse(string text, TlsHandshake handshake, UpstreamTrust? trust = null) => new(TurnsOf(text), handshake, trust);

    /// <summary>Checks what <see cref="Parse"/> takes.</summary>
    /// <exception cref="FormatException">An entry is not of that form.</exception>
    public static void Check(string text) => TurnsOf(text);

    /// <summary>Sends connections that are dialled from now on to others; those that are open stay where they are.</summary>
    /// <exception cref="FormatException">An entry is not of the form that <see cref="Parse"/> takes; nothing has changed then.</exception>
    public void Redirect(string text) => _turns = TurnsOf(text);

    /// <summary>As <see cref="Parse"/>, but a malformed text leads nowhere: dialling fails, as with Toxiproxy.</summary>
    public static Upstreams ParseLenient(string text, TlsHandshake handshake, UpstreamTrust? trust = null)
    {
        try
        {
            return Parse(text, handshake, trust);
        }
        catch (FormatException)
        {
            return new Upstreams([], handshake, null);
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
    /// <exception cref="TlsException">The TLS handshake failed.</exception>
    public async Task<Dialled> DialAsync(CancellationToken cancellation)
    {
        var turns = _turns;
        if (turns.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        var target = turns[(uint)Interlocked.Increment(ref _next) % (uint)turns.Length];
        var socket = await ConnectAsync(target, cancellation).ConfigureAwait(false);
        return new Dialled(socket, _trust is null ? null
            : await _handshake.WithUpstreamAsync(new NetworkStream(socket, ownsSocket: true), _trust, target.Host, cancellation).ConfigureAwait(false));
    }

    private static DnsEndPoint[] TurnsOf(string text)
    {
        var entries = text.Split(',', StringSplitOptions.TrimEntries).Select(entry =>
        {
            var star = entry.LastIndexOf('*');
            return (Address: ParseOne(star < 0 ? entry : entry[..star]), Weight: star < 0 ? 1 : WeightOf(entry, entry[(star + 1)..]));
        }).ToList();
        return [.. Turns.Of([.. entries.Select(entry => entry.Weight)]).Select(i => entries[i].Address)];
    }

    private static int WeightOf(string entry, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight <= Turns.MaxWeight
            ? weight
            : throw new FormatException($"upstream {entry}: the weight must be a whole number from 0 to {Turns.MaxWeight}");

    private static async Task<Socket> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
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
