namespace Chaos.Gateway.Protocol;

/// <summary>Splits a frame into its messages: one a line, empty lines left out.</summary>
internal static class Lines
{
    public static bool TryNext(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> line)
    {
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.Span.Trim(" \t\r"u8).IsEmpty) return true;
        }
        line = default;
        return false;
    }
}
