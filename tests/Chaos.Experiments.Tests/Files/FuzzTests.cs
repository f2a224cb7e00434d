using CsCheck;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

/// <summary>Whatever stands in a file, loading it ends in an experiment or in errors.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Pieces =
    [
        ":", "-", "- ", "{", "}", "[", "]", "\"", "'", "&a ", "*a", "!!str ", "#", "|\n", ">\n", "\n", "\n\n", "  ", "\t", "---\n", "...\n", "%", "@", "?", ",", "null", "~", "true", "-1", "1e999",
        "99999999999999999999", "-3s", "0s", "3", "[]", "{}", "eu.redis", "$x", "<<: ", "\u0085", "\u2028", "ü", "\U0001F4A5",
    ];

    private static Gen<string> OneOf(params string[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    private static readonly string[] Lines = Samples.Full.Split('\n');

    private static readonly Gen<Func<string, string>> Mutation = Gen.OneOf<Func<string, string>>(
        Gen.Select(Gen.Double[0, 1], OneOf(Pieces), (at, piece) => (Func<string, string>)(s => s.Insert((int)(at * s.Length), piece))),
        Gen.Select(Gen.Double[0, 1], Gen.Int[1, 30], (at, count) => (Func<string, string>)(s => s.Length == 0 ? s : s.Remove((int)(at * (s.Length - 1)), Math.Min(count, s.Length - (int)(at * (s.Length - 1)))))),
        Gen.Select(Gen.Double[0, 1], OneOf(Lines), (at, line) => (Func<string, string>)(s => s.Insert(LineStart(s, at), line + "\n"))),
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], (from, to) => (Func<string, string>)(s => ReplaceValue(s, from, to))),
        Gen.Double[0, 1].Select(at => (Func<string, string>)(s => s[..(int)(at * s.Length)])));

    [Fact]
    public void A_mutated_file_loads_or_gives_errors_and_never_throws()
    {
        using var folder = new TestFolder();
        var (loaded, refused) = (0, 0);
        Mutation.Array[1, 4].Sample(mutations =>
        {
            var text = mutations.Aggregate(Samples.Full, (s, mutate) => mutate(s));
            folder.Write("x.yaml", text);
            var result = folder.Load();
            if (result.Errors.Count == 0) Assert.Single(result.Experiments);
            else Assert.Empty(result.Experiments);
            var lines = text.Count(c => c is '\n' or '\u0085' or '\u2028') + 1; // What YAML takes for the end of a line.
            foreach (var error in result.Errors)
            {
                Assert.Equal("x.yaml", error.File);
                Assert.InRange(error.Line, 1, lines + 1);
                Assert.InRange(error.Column, 1, 2000);
                Assert.True(error.Message.Length is > 5 and < 400 && error.Hint.Length > 3 && error.Hint[^1] is '.' or '?', error.ToString());
                Assert.DoesNotContain('\n', error.ToString());
            }

            if (result.Errors.Count == 0) loaded++;
            else refused++;
        }, iter: 600, threads: 1);
        Assert.True(loaded > 5 && refused > 100, $"{loaded} loaded, {refused} refused: the mutations do not reach both.");
    }

    [Fact]
    public void Random_bytes_load_or_give_errors_and_never_throw()
    {
        using var folder = new TestFolder();
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            folder.Write("x.yaml", bytes);
            Assert.NotEmpty(folder.Load().Errors);
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void Any_flag_of_set_loads_or_gives_errors_and_never_throws()
    {
        using var folder = new TestFolder();
        folder.Write("x.yaml", Samples.Full);
        var part = OneOf("fleet", "timeline", "faults", "[0]", "[refused]", "count", ".", "..", "[", "]", "[99]", "[-1]", "x", "", "steps", "scripts", "for", "a b", "gateway", "/", "~");
        Gen.Select(part.Array[1, 5], OneOf(Pieces)).Sample((parts, value) =>
        {
            var result = folder.Load("x.yaml", (string.Join(parts.Length % 2 == 0 ? "." : "", parts), value));
            Assert.True(result.Errors.Count > 0 || result.Experiments.Count == 1);
        }, iter: 200, threads: 1);
    }

    private static int LineStart(string s, double at) => s.LastIndexOf('\n', Math.Max(0, (int)(at * s.Length) - 1)) + 1;

    // Puts the value of one line behind the key of another: right YAML, wrong type.
    private static string ReplaceValue(string s, double from, double to)
    {
        var lines = s.Split('\n');
        var (source, target) = (lines[(int)(from * (lines.Length - 1))], (int)(to * (lines.Length - 1)));
        var (value, key) = (source.IndexOf(": ", StringComparison.Ordinal), lines[target].IndexOf(": ", StringComparison.Ordinal));
        if (value < 0 || key < 0) return s;
        lines[target] = lines[target][..key] + source[value..];
        return string.Join('\n', lines);
    }
}
