using System.Globalization;
using System.Runtime.CompilerServices;
using Chaos.Reports.Sensitivity;
using Xunit;

namespace Chaos.Experiments.Tests.Sensitivity;

/// <summary>
/// What the shipped experiments could have caught, at the samples of a real run: tests/sensitivity.csv, made by <c>chaos run</c> and then
/// <c>chaos sensitivity</c> of its journal.
/// </summary>
public sealed class KeptCurvesTests
{
    private static readonly IReadOnlyList<SensitivityCurve> Curves = Read();

    [Fact]
    public void Every_check_that_can_tell_is_there() =>
        Assert.Equal(["amplification", "backoff_jitter", "latency", "loss"], Curves.Select(c => c.Check).Distinct().Order());

    [Fact]
    public void A_sound_system_raises_no_alarm() => Assert.All(Curves.Where(c => c.Points[0].Size == 0), c => Assert.InRange(c.Points[0].Caught, 0, 3));

    [Fact]
    public void Larger_defects_are_caught_more_often()
    {
        // Four deviations of the difference of two counts of 1,000.
        foreach (var curve in Curves)
            Assert.All(curve.Points.Zip(curve.Points.Skip(1)), pair => Assert.True(pair.Second.Caught >= pair.First.Caught - 90, $"{curve.Experiment} {curve.Defect} at {pair.Second.Size}"));
    }

    [Fact]
    public void Losses_are_caught_as_often_as_arithmetic_says()
    {
        foreach (var curve in Curves.Where(c => c.Check == "loss"))
        {
            foreach (var (size, caught) in curve.Points)
            {
                var expected = 1 - Math.Pow(1 - size / 1e6, curve.Sample);
                Assert.InRange(caught / 1000.0, expected - 4 * Deviation(expected) - 0.001, expected + 4 * Deviation(expected) + 0.001);
            }
        }
    }

    /// <summary>The promises of the README.</summary>
    [Theory]
    [InlineData("backoff_jitter", "clients in step at every attempt", 12)]
    [InlineData("backoff_jitter", "the shortest gaps never drawn", 15)]
    [InlineData("latency", "messages above the budget of the p99", 2.5)]
    [InlineData("latency", "messages above the budget of the p50", 62.5)]
    [InlineData("amplification", "attempts repeated without a retry budget", 0.4)]
    public void Nineteen_runs_of_twenty_catch_a_defect_of(string check, string defect, double atMost)
    {
        var curves = Curves.Where(c => c.Check == check && c.Defect == defect).ToList();
        Assert.NotEmpty(curves);
        Assert.All(curves, c => Assert.True(c.CaughtFrom(0.95, 1000) <= atMost, $"{c.Experiment} {c.Expectation}: {c.CaughtFrom(0.95, 1000)} at a sample of {c.Sample}"));
    }

    [Fact]
    public void Three_or_four_losses_that_are_to_be_expected_are_caught_by_nineteen_runs_of_twenty() =>
        Assert.All(Curves.Where(c => c.Check == "loss"), c => Assert.InRange(c.CaughtFrom(0.95, 1000)!.Value * c.Sample / 1e6, 2.9, 4.1));

    private static double Deviation(double p) => Math.Sqrt(p * (1 - p) / 1000);

    private static List<SensitivityCurve> Read([CallerFilePath] string source = "")
    {
        var lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "sensitivity.csv"));
        Assert.Equal(SensitivityReport.CsvHeader, lines[0]);
        return [.. lines.Skip(1).Select(l => l.Split(',')).GroupBy(f => (f[0], f[1], f[2], f[3], f[4], f[5])).Select(g =>
        {
            Assert.All(g, f => Assert.Equal("1000", f[7]));
            return new SensitivityCurve(g.Key.Item1, g.Key.Item2, g.Key.Item3, g.Key.Item4, g.Key.Item5, long.Parse(g.Key.Item6, CultureInfo.InvariantCulture),
                [.. g.Select(f => new SensitivityPoint(double.Parse(f[6], CultureInfo.InvariantCulture), int.Parse(f[8], CultureInfo.InvariantCulture)))]);
        })];
    }
}
