using System.Text.Json;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Tests.Samples;
using Chaos.Reports.Trend;
using Xunit;

namespace Chaos.Reports.Tests.Trend;

public sealed class NightFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaos-nights-");
    private readonly Night _night = SampleNights.One(1, 0, new Plant());

    [Fact]
    public void A_night_comes_back_as_it_was_kept()
    {
        var folder = new NightFolder(Path.Combine(_folder.FullName, "not-there-yet"));
        folder.Add(_night with { Accepted = ["metastability"] });

        var read = folder.Read();
        Assert.Empty(read.Problems);
        Assert.Equal(JsonSerializer.Serialize(_night with { Accepted = ["metastability"] }), JsonSerializer.Serialize(Assert.Single(read.Nights)));
    }

    [Fact]
    public void The_file_says_what_it_is_and_every_number_has_its_threshold_its_bad_side_and_its_sample()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(new NightFolder(_folder.FullName).Add(_night)));
        var root = json.RootElement;

        Assert.Equal("chaos-night", root.GetProperty("format").GetString());
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        var measures = root.GetProperty("night").GetProperty("experiments").EnumerateArray().SelectMany(e => e.GetProperty("expectations").EnumerateArray())
            .SelectMany(x => x.GetProperty("measures").EnumerateArray()).ToList();
        Assert.Equal(_night.Experiments.SelectMany(e => e.Expectations).Sum(x => x.Measures.Count), measures.Count);
        Assert.All(measures, m =>
        {
            Assert.Equal(JsonValueKind.Number, m.GetProperty("threshold").ValueKind);
            Assert.Contains(m.GetProperty("bad").GetString(), new[] { "above", "below", "away", "other" });
            Assert.True(m.GetProperty("sample").GetInt64() > 0);
        });
        Assert.Equal("baseline-not-met", Serialised(_night with { Outcome = Outcome.BaselineNotMet }).GetProperty("outcome").GetString());
    }

    [Fact]
    public void Every_member_is_described()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Chaos.sln"))) root = root.Parent!;
        var description = File.ReadAllText(Path.Combine(root.FullName, "experiments", "schema", "night.md"));
        var whole = _night with
        {
            Skipped = [new SkippedExperiment("x", "X", "No Node.")],
            Experiments = [.. _night.Experiments.Select(e => e with { Load = new MachineLoad(0.1, 0.8) })],
        };
        using var json = JsonDocument.Parse(File.ReadAllText(new NightFolder(_folder.FullName).Add(whole)));

        Assert.All(Members(json.RootElement).Distinct(), member => Assert.Contains($"`{member}`", description, StringComparison.Ordinal));
    }

    [Fact]
    public void A_night_is_never_overwritten_and_a_draft_is_not_a_night()
    {
        var folder = new NightFolder(_folder.FullName);
        folder.Add(_night);
        File.WriteAllText(Path.Combine(_folder.FullName, ".half.draft"), "{");

        Assert.Throws<IOException>(() => folder.Add(_night));
        Assert.Single(folder.Read().Nights);
        Assert.Empty(folder.Read().Problems);
    }

    [Theory]
    [InlineData("cut.json", "{\"format\":\"chaos-night\",\"version\":1,\n\"night\":{\"run\":\"x\"", "is damaged (line 2")]
    [InlineData("empty.json", "", "is damaged (line 1")]
    [InlineData("less.json", "{\"format\":\"chaos-night\",\"version\":1,\"about\":\"\",\"night\":{\"run\":\"x\"}}", "is damaged")]
    [InlineData("nothing.json", "{\"format\":\"chaos-night\",\"version\":1,\"about\":\"\",\"night\":null}", "is damaged")]
    [InlineData("other.json", "{\"name\":\"package\"}", "is JSON, but not the file of a night: keep nothing else")]
    [InlineData("list.json", "[1,2]", "is damaged")]
    [InlineData("null.json", "null", "is JSON, but not the file of a night")]
    [InlineData("newer.json", "{\"format\":\"chaos-night\",\"version\":2,\"night\":[]}", "is of version 2, and this tool knows 1: use the newer tool.")]
    [InlineData("notes.txt", "later", "is not the file of a night: keep nothing else")]
    public void A_damaged_or_foreign_file_is_named_with_a_hint_and_left_out(string name, string content, string expected)
    {
        var folder = new NightFolder(_folder.FullName);
        folder.Add(_night);
        File.WriteAllText(Path.Combine(_folder.FullName, name), content);

        var read = folder.Read();
        Assert.Single(read.Nights);
        var problem = Assert.Single(read.Problems);
        Assert.StartsWith(Path.Combine(_folder.FullName, name), problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.EndsWith("It was left out.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_named_and_never_crashes()
    {
        var whole = File.ReadAllText(new NightFolder(_folder.FullName).Add(_night with { Experiments = [.. _night.Experiments.Take(1)] }));
        var path = Path.Combine(_folder.FullName, _night.Run + ".json");
        for (var length = 0; length < whole.TrimEnd().Length; length += 7)
        {
            File.WriteAllText(path, whole[..length]);
            var read = new NightFolder(_folder.FullName).Read();
            Assert.Empty(read.Nights);
            Assert.Single(read.Problems);
        }
    }

    [Fact]
    public void A_copy_under_another_name_counts_once()
    {
        var file = new NightFolder(_folder.FullName).Add(_night);
        File.Copy(file, Path.Combine(_folder.FullName, "copy.json"));

        var read = new NightFolder(_folder.FullName).Read();
        Assert.Single(read.Nights);
        Assert.Contains("second copy", Assert.Single(read.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Nights_are_read_in_the_order_in_which_they_began()
    {
        var folder = new NightFolder(_folder.FullName);
        foreach (var index in new[] { 3, 0, 2, 1 }) folder.Add(SampleNights.One(1, index, new Plant()));

        Assert.Equal([1000, 1001, 1002, 1003], folder.Read().Nights.Select(n => n.Seed));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<string> Members(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => Members(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Members),
        _ => [],
    };

    private JsonElement Serialised(Night night)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(new NightFolder(Path.Combine(_folder.FullName, "other")).Add(night)));
        return json.RootElement.GetProperty("night").Clone();
    }
}
