using System.Globalization;
using System.Text.RegularExpressions;
using ScottPlot;

namespace Chaos.Reports.Charts;

/// <summary>
/// Stands in a colour of its own for each class of the style sheet while ScottPlot draws, and puts the class in afterwards.
/// </summary>
internal sealed partial class Palette
{
    private readonly List<string> _names = [];

    public Color Of(string css)
    {
        var index = _names.IndexOf(css);
        if (index < 0)
        {
            index = _names.Count;
            _names.Add(css);
        }

        return Color.FromHex(string.Create(CultureInfo.InvariantCulture, $"#A1B2{index + 16:X2}"));
    }

    public string Paint(string svg) => Standing().Replace(svg, m =>
    {
        var index = int.Parse(m.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - 16;
        return index >= 0 && index < _names.Count ? $"style=\"{m.Groups[1].Value}:var(--c-{_names[index]})\"" : m.Value;
    });

    [GeneratedRegex("(fill|stroke)=\"#A1B2([0-9A-F]{2})\"", RegexOptions.IgnoreCase)]
    private static partial Regex Standing();
}
