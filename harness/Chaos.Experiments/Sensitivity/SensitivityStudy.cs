using System.Globalization;
using Chaos.Client.Randomness;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Reports.Sensitivity;

namespace Chaos.Experiments.Sensitivity;

/// <summary>
/// How small a defect the checks of a run would have caught: their own rules, at the very samples that the run gave them, before systems
/// that are broken a little, then more. The power of a test, in the words of statistics.
/// </summary>
public static class SensitivityStudy
{
    /// <summary>Names of the checks that it can ask.</summary>
    public static IReadOnlyList<string> Checks { get; } = [.. CheckCatalogue.All.Where(c => c is ISensitive).Select(c => c.Name)];

    /// <summary>Asks every check of a journal that can tell.</summary>
    /// <param name="content">The journal of a run.</param>
    /// <param name="seed">Seed of the simulated runs.</param>
    /// <param name="repetitions">Simulated runs for each size of each defect, at least 1.</param>
    /// <param name="checks">Names of the checks to ask; empty for all.</param>
    public static SensitivityCurves Of(JournalContent content, long seed, int repetitions, IReadOnlyCollection<string> checks)
    {
        var curves = new List<SensitivityCurve>();
        foreach (var unsorted in JournalExperiments.Of(content))
        {
            var events = JournalExperiments.InOrder(unsorted);
            var started = events.OfType<ExperimentStarted>().First();
            if (started.Mutant is not null) continue;
            var definition = DefinitionJson.FromJson(started.Definition);
            var windows = ExperimentWindows.Of(events);
            foreach (var expectation in definition.Expectations.Where(e => checks.Count == 0 || checks.Contains(e.Check)))
            {
                if (CheckCatalogue.Find(expectation.Check) is not ISensitive check || windows.Find(expectation.During) is not { } window) continue;
                var defects = check.Defects(new CheckContext(events, definition, expectation, window));
                curves.AddRange(defects.Select(d => Curve(d, definition, expectation, seed, repetitions)));
            }
        }

        return new SensitivityCurves(seed, repetitions, curves);
    }

    // Each simulated run has a stream of its own, so nothing depends on the order in which they are made.
    private static SensitivityCurve Curve(Defect defect, ExperimentDefinition experiment, ExpectationDefinition expectation, long seed, int repetitions)
    {
        var points = defect.Sizes.Select(size =>
        {
            var caught = 0;
            var of = SeedTree.Derive(seed, "sensitivity", experiment.Id, expectation.Id, defect.Name, size.ToString("R", CultureInfo.InvariantCulture));
            Parallel.For(0, repetitions, i =>
            {
                if (defect.IsCaught(SeedTree.Stream(of, i.ToString(CultureInfo.InvariantCulture)), size)) Interlocked.Increment(ref caught);
            });
            return new SensitivityPoint(size, caught);
        });
        return new SensitivityCurve(experiment.Id, expectation.Id, expectation.Check, defect.Name, defect.Unit, defect.Sample, [.. points]);
    }
}
