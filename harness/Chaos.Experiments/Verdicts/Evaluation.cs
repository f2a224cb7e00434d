using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Verdicts;

/// <summary>Applies checks to a journal.</summary>
internal static class Evaluation
{
    /// <summary>Judges one expectation in its window; without a window it is inconclusive.</summary>
    public static ExpectationResult Of(ExpectationDefinition expectation, ExperimentDefinition definition, IReadOnlyList<JournalEvent> events, Window? window,
        IReadOnlyList<ICheck> checks)
    {
        if (checks.FirstOrDefault(c => c.Name == expectation.Check) is not { } check)
            return Result(expectation, ExpectationOutcome.Error, $"there is no check named {expectation.Check}");
        if (window is not { } found)
            return Result(expectation, ExpectationOutcome.Inconclusive, $"the run did not come to {expectation.During}");
        try
        {
            return check.Evaluate(new CheckContext(events, definition, expectation, found));
        }
        catch (Exception e)
        {
            // Whatever a check throws is a finding about the check: recorded as such, never a pass, and it must not hide the others.
            return Result(expectation, ExpectationOutcome.Error, $"the check failed: {e.Message.TrimEnd('.')}");
        }
    }

    private static ExpectationResult Result(ExpectationDefinition expectation, ExpectationOutcome outcome, string sentence) =>
        new(expectation.Id, expectation.Check, outcome, "", sentence, null, []);
}
