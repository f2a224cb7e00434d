using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Trend;

/// <summary>An experiment whose outcome changed from one night to the next, while the tool and what the experiment depends on did not.</summary>
/// <param name="Changes">How often it changed.</param>
/// <param name="Ran">Nights on which it ran.</param>
/// <param name="Passed">On how many of them it passed.</param>
/// <param name="Odd">The nights on which it did not pass, newest first.</param>
public sealed record FlakyExperiment(string Id, int Changes, int Ran, int Passed, IReadOnlyList<OddNight> Odd)
{
    /// <summary>Finds them.</summary>
    /// <param name="nights">Nights, oldest first.</param>
    public static IReadOnlyList<FlakyExperiment> Among(IReadOnlyList<Night> nights)
    {
        var found = new List<FlakyExperiment>();
        foreach (var id in nights.SelectMany(n => n.Experiments).Select(e => e.Id).Distinct(StringComparer.Ordinal))
        {
            var runs = nights.Select(night => (night, Experiment: night.Find(id)!)).Where(r => r.Experiment is not null).ToList();
            var changes = runs.Zip(runs.Skip(1)).Count(pair => pair.First.Experiment.Outcome != pair.Second.Experiment.Outcome
                && pair.First.night.Tool == pair.Second.night.Tool && pair.First.night.Machine == pair.Second.night.Machine
                && pair.First.Experiment.Conditions == pair.Second.Experiment.Conditions);
            if (changes == 0) continue;
            var odd = runs.Where(r => r.Experiment.Outcome != Outcome.Passed).Reverse()
                .Select(r => new OddNight(r.night.Run, r.night.StartedAt, r.night.Seed, r.Experiment.Outcome, r.Experiment.Sentence)).ToList();
            found.Add(new FlakyExperiment(id, changes, runs.Count, runs.Count - odd.Count, odd));
        }

        return found;
    }
}

/// <summary>A night on which an experiment did not pass, with the seed that repeats it.</summary>
public sealed record OddNight(string Run, DateTimeOffset StartedAt, long Seed, Outcome Outcome, string Sentence);
