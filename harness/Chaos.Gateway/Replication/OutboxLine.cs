using System.Globalization;
using System.Text;
using Chaos.Gateway.Streams;

namespace Chaos.Gateway.Replication;

/// <summary>What other regions are to learn. Written by the scripts that make it happen, in one step with it.</summary>
/// <param name="AtUnixMs">When it happened.</param>
internal abstract record OutboxLine(long AtUnixMs)
{
    /// <summary><c>p UNIX_MS ORIGIN SEQ BODY_HASH MID_HASH CHANNEL</c>, and the data.</summary>
    public sealed record Published(long AtUnixMs, Origin From, string BodyHash, string MidHash, string Channel, byte[] Data) : OutboxLine(AtUnixMs);

    /// <summary><c>s UNIX_MS USES CHANGES GENERATION PATH TTL_MS KEY</c>, and the state.</summary>
    /// <param name="Uses">How often its token was used.</param>
    /// <param name="Changes">Changes since then.</param>
    /// <param name="Path">Uses in each region, the region of the last one first, such as <c>us=2,eu=1</c>.</param>
    public sealed record SessionChanged(long AtUnixMs, long Uses, long Changes, string Generation, string Path, long TtlMs, string Key, byte[] State) : OutboxLine(AtUnixMs);

    /// <exception cref="FormatException">It is no line of an outbox.</exception>
    public static OutboxLine Parse(byte[] line)
    {
        var end = Array.IndexOf(line, (byte)'\n');
        var head = Encoding.UTF8.GetString(line, 0, Math.Max(end, 0));
        return head.Split(' ', head.StartsWith('s') ? 8 : 7) switch
        {
            ["p", var at, var origin, var seq, var body, var mid, var channel] => new Published(Number(at), new Origin(origin, Number(seq)), body, mid, channel, line[(end + 1)..]),
            ["s", var at, var uses, var changes, var generation, var path, var ttl, var key] =>
                new SessionChanged(Number(at), Number(uses), Number(changes), generation, path, Number(ttl), key, line[(end + 1)..]),
            _ => throw new FormatException($"the outbox holds a line of an unknown kind: {head}"),
        };
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
