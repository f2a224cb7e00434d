using System.Runtime.CompilerServices;
using Xunit;

namespace Chaos.Experiments.Tests.FalseAlarms;

/// <summary>
/// No check cries wolf more often than it says. The full count of 10,000 repetitions is kept in tests/false-alarms.csv; CHAOS_LONG=1 makes
/// it again. By default the first 1,000 are repeated and must give what the file says.
/// </summary>
public sealed class FalseAlarmTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<FalseAlarmCase> Cases = [.. BackoffCases.All(), .. DeliveryCases.All()];

    public static TheoryData<string, string> Names => [.. Cases.Select(c => (c.Check, c.Name))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rule_alarms_no_more_often_than_it_says(string check, string name)
    {
        var count = Cases.Single(c => c.Check == check && c.Name == name).Count(FalseAlarmCase.Quick);
        output.WriteLine(count.Row);
        Assert.True(count.Alarms <= count.Most, $"{count.Alarms} alarms, {count.Most} may be");
        var kept = Kept().SingleOrDefault(row => row.StartsWith($"{check},{name},", StringComparison.Ordinal));
        Assert.NotNull(kept);
        Assert.Equal(kept[(kept.LastIndexOf(',') + 1)..], $"{count.First}");
    }

    [Fact]
    public void The_kept_count_is_consistent_with_the_stated_level_in_every_case()
    {
        Assert.Equal(FalseAlarmCount.Header, File.ReadLines(KeptFile()).First());
        Assert.Equal(Cases.Count, Kept().Count());
        foreach (var row in Kept().Select(r => r.Split(',')))
        {
            Assert.Equal($"{FalseAlarmCase.Full}", row[3]);
            Assert.True(int.Parse(row[4]) <= int.Parse(row[6]), $"{row[0]}, {row[1]}: {row[4]} alarms, {row[6]} may be");
        }
    }

    [Fact]
    public void Ten_thousand_repetitions_give_what_is_kept()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CHAOS_LONG") == "1", "takes minutes; set CHAOS_LONG=1");
        string[] lines = [FalseAlarmCount.Header, .. Cases.Select(c => c.Count(FalseAlarmCase.Full).Row)];
        if (File.Exists(KeptFile()) && File.ReadAllLines(KeptFile()).SequenceEqual(lines)) return;
        var other = Path.ChangeExtension(KeptFile(), ".new.csv");
        File.WriteAllLines(other, lines);
        Assert.Fail($"The count differs from the one that is kept; it is in {other}.");
    }

    private static IEnumerable<string> Kept() => File.ReadLines(KeptFile()).Skip(1);

    private static string KeptFile([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "false-alarms.csv");
}
