using Chaos.Client.Randomness;
using Chaos.Experiments.Alerts.Evaluation;
using Chaos.Experiments.Alerts.Expressions;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>
/// Series that change their ways all the time: counters that stand still, run and are restarted, that appear late and end; histograms; gauges; nodes
/// that do not answer for a while. Values have fractions, so that none lies on a limit.
/// </summary>
internal static class RandomSeries
{
    public const int GridMs = 500;
    private const int Slots = 81;

    public static SeriesStore Of(int seed)
    {
        var random = new Draws(seed);
        var series = new List<Series>();
        foreach (var node in new[] { "n-1", "n-2" })
        {
            var answers = Answers(random);
            series.Add(new Series("up", Labels(node), [.. answers.Select((a, slot) => new Point((long)slot * GridMs, a ? 1 : 0))]));
            foreach (var k in new[] { "x", "y", "z" })
            {
                series.Add(new Series("a_total", Labels(node, ("k", k)), Seen(answers, random, Counter(random, 1))));
                series.Add(new Series("g", Labels(node, ("k", k)), Seen(answers, random, Gauge(random))));
            }

            var classes = Histogram(random);
            var begins = random.Below(20);
            foreach (var (le, index) in new[] { "0.1", "0.25", "0.5", "+Inf" }.Select((le, i) => (le, i)))
                series.Add(new Series("h_bucket", Labels(node, ("le", le)), Seen(answers, begins, classes[index])));
            series.Add(new Series("h_count", Labels(node), Seen(answers, begins, classes[3])));
        }

        return new SeriesStore(series);
    }

    private static LabelSet Labels(string node, params (string Name, string Value)[] labels) =>
        new([.. labels.Select(l => KeyValuePair.Create(l.Name, l.Value)), KeyValuePair.Create("instance", node), KeyValuePair.Create("job", "chaos-gateway")]);

    private static bool[] Answers(Draws random)
    {
        var (answers, up) = (new bool[Slots], true);
        for (var i = 0; i < Slots; i++)
        {
            if (random.Below(up ? 25 : 6) == 0) up = !up;
            answers[i] = up;
        }

        return answers;
    }

    private static double[] Counter(Draws random, double pace)
    {
        var (values, now, rate) = (new double[Slots], random.Below(3) * random.Unit(), 0.0);
        for (var i = 0; i < Slots; i++)
        {
            if (random.Below(8) == 0) rate = random.Below(2) == 0 ? 0 : pace * 3 * random.Unit();
            now = random.Below(40) == 0 ? random.Unit() : now + (rate * random.Unit());
            values[i] = now;
        }

        return values;
    }

    private static double[] Gauge(Draws random)
    {
        var (values, now) = (new double[Slots], 3 * random.Unit());
        for (var i = 0; i < Slots; i++)
        {
            if (random.Below(6) == 0) now = random.Below(5) == 0 ? 0 : 4 * random.Unit();
            values[i] = now;
        }

        return values;
    }

    private static double[][] Histogram(Draws random)
    {
        var counts = new[] { Counter(random, 1), Counter(random, 1), Counter(random, 1), Counter(random, 0.3) };
        for (var c = 1; c < 4; c++)
        {
            for (var i = 0; i < Slots; i++) counts[c][i] += counts[c - 1][i];
        }

        return counts;
    }

    private static List<Point> Seen(bool[] answers, Draws random, double[] values) => Seen(answers, random.Below(3) == 0 ? random.Below(40) : 0, values);

    // As scrapes show it: nothing while the node does not answer, and an end where that begins.
    private static List<Point> Seen(bool[] answers, int begins, double[] values)
    {
        var points = new List<Point>();
        for (var i = begins; i < Slots; i++)
        {
            if (answers[i]) points.Add(new Point((long)i * GridMs, values[i]));
            else if (points.Count > 0 && !points[^1].IsStale) points.Add(new Point((long)i * GridMs, double.NaN, IsStale: true));
        }

        return points;
    }

    private sealed class Draws(int seed)
    {
        private readonly Random _stream = SeedTree.Stream(seed, "series");

        public double Unit() => _stream.NextDouble();

        public int Below(int count) => _stream.Next(count);
    }
}
