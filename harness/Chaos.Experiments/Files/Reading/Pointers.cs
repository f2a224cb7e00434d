using System.Globalization;
using System.Text;

namespace Chaos.Experiments.Files.Reading;

/// <summary>JSON pointers (RFC 6901) and the way they are shown to people.</summary>
internal static class Pointers
{
    /// <summary>Pointer of a member.</summary>
    public static string Join(string pointer, string key) =>
        pointer + "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Pointer of an entry of a list.</summary>
    public static string Join(string pointer, int index) => pointer + "/" + index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The pointer's parts, unescaped.</summary>
    public static string[] Split(string pointer) => pointer.Length == 0 ? []
        : [.. pointer[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    /// <summary>The pointer of what holds this.</summary>
    public static string Parent(string pointer) => pointer[..Math.Max(0, pointer.LastIndexOf('/'))];

    /// <summary>As people write it: <c>timeline.faults[0].for</c>; "" for the whole file.</summary>
    public static string Shown(string pointer)
    {
        var text = new StringBuilder();
        foreach (var part in Split(pointer))
        {
            if (part.Length is > 0 and < 8 && part.All(char.IsAsciiDigit)) text.Append('[').Append(part).Append(']');
            else text.Append(text.Length > 0 ? "." : "").Append(Words.Shown(part));
        }

        return text.ToString();
    }
}
