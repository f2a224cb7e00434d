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

    private static readonly string[] Lines = Samples.Full.Split('\n');

    private static readonly Gen<Func<string, string>> Mutation = Gen.OneOf<Func<string, string>>(
        Mutations.Insert(Pieces),
        Mutations.Remove(30),
        Gen.Select(Gen.Double[0, 1], Mutations.OneOf(Lines), (at, line) => (Func<string, string>)(s => s.Insert(LineStart(s, at), line + "\n"))),
        Mutations.ExchangeValue(),
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
        var part = Mutations.OneOf("fleet", "timeline", "faults", "[0]", "[refused]", "count", ".", "..", "[", "]", "[99]", "[-1]", "x", "", "steps", "scripts", "for", "a b", "gateway", "/", "~");
        Gen.Select(part.Array[1, 5], Mutations.OneOf(Pieces)).Sample((parts, value) =>
        {
            var result = folder.Load("x.yaml", (string.Join(parts.Length % 2 == 0 ? "." : "", parts), value));
            Assert.True(result.Errors.Count > 0 || result.Experiments.Count == 1);
        }, iter: 200, threads: 1);
    }

    private static int LineStart(string s, double at) => s.LastIndexOf('\n', Math.Max(0, (int)(at * s.Length) - 1)) + 1;
}
