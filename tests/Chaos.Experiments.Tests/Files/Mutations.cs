using CsCheck;

namespace Chaos.Experiments.Tests.Files;

/// <summary>Slips of whoever writes a file, for tests that whatever stands in one is loaded or refused.</summary>
internal static class Mutations
{
    /// <summary>One of some texts.</summary>
    public static Gen<string> OneOf(params string[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    /// <summary>A piece stands anywhere.</summary>
    public static Gen<Func<string, string>> Insert(string[] pieces) =>
        Gen.Select(Gen.Double[0, 1], OneOf(pieces), (at, piece) => (Func<string, string>)(s => s.Insert((int)(at * s.Length), piece)));

    /// <summary>Some characters are missing.</summary>
    /// <param name="most">At most so many.</param>
    public static Gen<Func<string, string>> Remove(int most) => Gen.Select(Gen.Double[0, 1], Gen.Int[1, most],
        (at, count) => (Func<string, string>)(s => s.Length == 0 ? s : s.Remove((int)(at * (s.Length - 1)), Math.Min(count, s.Length - (int)(at * (s.Length - 1))))));

    /// <summary>A piece is the value of a key.</summary>
    public static Gen<Func<string, string>> SetValue(string[] pieces) =>
        Gen.Select(Gen.Double[0, 1], OneOf(pieces), (at, piece) => (Func<string, string>)(s => Value(s, at, piece)));

    /// <summary>The value of one key stands behind another: right YAML, wrong meaning.</summary>
    public static Gen<Func<string, string>> ExchangeValue() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], (from, to) => (Func<string, string>)(s => Exchange(s, from, to)));

    private static string Exchange(string s, double from, double to)
    {
        var lines = s.Split('\n');
        var source = lines[(int)(from * (lines.Length - 1))];
        var colon = source.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? s : Value(s, to, source[(colon + 2)..]);
    }

    private static string Value(string s, double at, string value)
    {
        var lines = s.Split('\n');
        var target = (int)(at * (lines.Length - 1));
        var colon = lines[target].IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0) return s;
        lines[target] = $"{lines[target][..colon]}: {value}";
        return string.Join('\n', lines);
    }
}
