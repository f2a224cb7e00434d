using System.Globalization;
using System.Text;

namespace Chaos.Gateway.Streams;

/// <summary>
/// An entry as streams and pub/sub carry it: the data, and before it, where there are regions, the line <c>@ORIGIN SEQ</c>. No JSON begins
/// with that sign.
/// </summary>
internal static class StoredEntry
{
    public static Publication Stored(long offset, ReadOnlyMemory<byte> entry)
    {
        var (from, data) = Read(entry);
        return new Publication(offset, data, from);
    }

    public static LivePublication Live(string epoch, long offset, ReadOnlyMemory<byte> entry)
    {
        var (from, data) = Read(entry);
        return new LivePublication(epoch, offset, data, from);
    }

    private static (Origin? From, ReadOnlyMemory<byte> Data) Read(ReadOnlyMemory<byte> entry)
    {
        var bytes = entry.Span;
        if (bytes.IsEmpty || bytes[0] != (byte)'@') return (null, entry);
        var end = bytes.IndexOf((byte)'\n');
        var space = bytes[..end].LastIndexOf((byte)' ');
        var seq = long.Parse(bytes[(space + 1)..end], CultureInfo.InvariantCulture);
        return (new Origin(Encoding.UTF8.GetString(bytes[1..space]), seq), entry[(end + 1)..]);
    }
}
