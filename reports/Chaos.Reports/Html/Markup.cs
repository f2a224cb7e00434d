using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Chaos.Reports.Html;

/// <summary>
/// HTML that is safe to write as it is. Made from interpolated strings: the literal parts are taken as HTML, every hole is encoded
/// (for text and quoted attributes alike) unless it is Markup itself. So a value from a file cannot become HTML by forgetting something.
/// </summary>
internal readonly record struct Markup(string Text)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static readonly Markup Empty = new("");

    public static Markup Of(ref MarkupHandler html) => new(html.ToString());

    public static Markup Join<T>(IEnumerable<T> items, Func<T, Markup> render) => Join(items.Select(render));

    public static Markup Join(IEnumerable<Markup> parts)
    {
        var all = new StringBuilder();
        foreach (var part in parts) all.Append(part.Text);
        return new Markup(all.ToString());
    }

    public static Markup Encode(string text) => new(Encoder.Encode(text));

    public override string ToString() => Text;
}

/// <summary>Builds <see cref="Markup"/> from an interpolated string.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string html) => _text.Append(html);

    public void AppendFormatted(Markup html) => _text.Append(html.Text);

    public void AppendFormatted(string? text) => _text.Append(Markup.Encode(text ?? "").Text);

    public void AppendFormatted<T>(T value) where T : IFormattable => AppendFormatted(value, null);

    public void AppendFormatted<T>(T value, string? format) where T : IFormattable =>
        AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
