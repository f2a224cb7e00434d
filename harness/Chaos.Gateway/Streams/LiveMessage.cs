using System.Text;

namespace Chaos.Gateway.Streams;

/// <summary>What nodes tell each other through pub/sub. The first line says what it is, the rest is data.</summary>
internal abstract record LiveMessage
{
    /// <summary><c>p EPOCH OFFSET CHANNEL</c>: a publication. Written by the publishing script.</summary>
    public sealed record Published(string Channel, LivePublication Publication) : LiveMessage;

    /// <summary><c>b NONCE</c>: a node looks whether its own subscription lives.</summary>
    public sealed record Beacon(string Nonce) : LiveMessage;

    /// <summary><c>d CODE USER</c>: close the connections of a user.</summary>
    public sealed record Disconnect(string User, int Code) : LiveMessage;

    /// <summary><c>r UNIX_MS KEY</c>: a revocation.</summary>
    public sealed record Revoked(string Key, long UnixMs) : LiveMessage;

    /// <summary><c>l UNIX_MS PER_SECOND CHANNEL</c>: a temporary limit of a channel, and when it ends.</summary>
    public sealed record Limited(string Channel, int PerSecond, long UntilUnixMs) : LiveMessage;

    /// <summary><c>f KEPT ENDED KEPT_REGION ENDED_REGION SESSION</c>: a session went on in two regions at once, and one of the two is kept.</summary>
    public sealed record Forked(string Session, string Kept, string KeptRegion, string Ended, string EndedRegion) : LiveMessage;

    public static LiveMessage? Parse(ReadOnlyMemory<byte> message)
    {
        var end = message.Span.IndexOf((byte)'\n');
        var head = Encoding.UTF8.GetString(end < 0 ? message.Span : message.Span[..end]);
        var data = end < 0 ? default : message[(end + 1)..];
        var parts = head.Split(' ', 4);
        return parts switch
        {
            ["p", var epoch, var offset, var channel] when long.TryParse(offset, out var o) => new Published(channel, StoredEntry.Live(epoch, o, data)),
            ["b", var nonce] => new Beacon(nonce),
            ["d", var code, ..] when int.TryParse(code, out var c) => new Disconnect(head[(3 + code.Length)..], c),
            ["r", var ms, ..] when long.TryParse(ms, out var at) => new Revoked(head[(3 + ms.Length)..], at),
            ["l", var until, var rate, var channel] when long.TryParse(until, out var ms) && int.TryParse(rate, out var r) => new Limited(channel, r, ms),
            ["f", ..] when head.Split(' ') is [_, var kept, var ended, var keptIn, var endedIn, var session] => new Forked(session, kept, keptIn, ended, endedIn),
            _ => null,
        };
    }

    public static string Write(LiveMessage message) => message switch
    {
        Beacon b => $"b {b.Nonce}",
        Disconnect d => $"d {d.Code} {d.User}",
        Revoked r => $"r {r.UnixMs} {r.Key}",
        Limited l => $"l {l.UntilUnixMs} {l.PerSecond} {l.Channel}",
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "publications and forks are written by the scripts that make them"),
    };
}
