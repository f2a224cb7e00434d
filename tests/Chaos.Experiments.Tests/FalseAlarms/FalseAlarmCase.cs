using System.Globalization;
using Chaos.Client.Randomness;
using MathNet.Numerics.Distributions;

namespace Chaos.Experiments.Tests.FalseAlarms;

/// <summary>An honest system, judged again and again by one check's rule.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Name">What is simulated.</param>
/// <param name="Alpha">The error level that the rule states.</param>
/// <param name="Alarm">One repetition: whether the rule raises a false alarm.</param>
internal sealed record FalseAlarmCase(string Check, string Name, double Alpha, Func<Random, bool> Alarm)
{
    /// <summary>Repetitions of the full count.</summary>
    public const int Full = 10_000;

    /// <summary>Repetitions of the quick count, which are the first of the full one.</summary>
    public const int Quick = 1_000;

    /// <summary>Runs it; each repetition has a stream of its own, so the count does not depend on the order.</summary>
    public FalseAlarmCount Count(int repetitions)
    {
        int all = 0, first = 0;
        Parallel.For(0, repetitions, i =>
        {
            if (!Alarm(SeedTree.Stream(i, Check, Name))) return;
            Interlocked.Increment(ref all);
            if (i < Quick) Interlocked.Increment(ref first);
        });
        return new FalseAlarmCount(Check, Name, Alpha, repetitions, all, first);
    }
}

/// <summary>How often a case raised an alarm.</summary>
/// <param name="Alarms">In all repetitions.</param>
/// <param name="First">In the first <see cref="FalseAlarmCase.Quick"/> of them.</param>
internal sealed record FalseAlarmCount(string Check, string Name, double Alpha, int Repetitions, int Alarms, int First)
{
    public const string Header = "check,case,alpha,repetitions,alarms,rate,most_alarms,alarms_in_first_1000";

    /// <summary>
    /// The most alarms that are consistent with the stated level: more come with a probability under 1 in 1,000 when each
    /// repetition alarms with probability <see cref="Alpha"/>.
    /// </summary>
    public int Most
    {
        get
        {
            var most = (int)(Alpha * Repetitions);
            while (1 - Binomial.CDF(Alpha, Repetitions, most) > 0.001) most++;
            return most;
        }
    }

    public string Row => string.Create(CultureInfo.InvariantCulture, $"{Check},{Name},{Alpha},{Repetitions},{Alarms},{(double)Alarms / Repetitions},{Most},{First}");
}
