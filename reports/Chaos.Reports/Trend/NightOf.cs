using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Trend;

/// <summary>Makes a night of a journal and its verdict: a pure function, so that nights can be made of old journals too.</summary>
public static class NightOf
{
    /// <summary>Figures from here on stand for "without bound" in verdicts.</summary>
    private const double Unbounded = 1e9;

    // What decides the numbers of an experiment. A new threshold, title or mutant leaves them as they are.
    private static readonly string[] Deciding = ["world", "gateway", "fleet", "shares_machine", "scripts", "timeline"];

    private static readonly string[] DecidingOfExpectation = ["id", "check", "during"];

    /// <summary>Makes it, with no mutants.</summary>
    /// <param name="journal">Journal of the suite; its first event is run.started.</param>
    /// <param name="verdict">Its verdict.</param>
    /// <param name="command">Command that repeats the whole night.</param>
    /// <param name="accepted">Experiments whose numbers are to count as normal.</param>
    public static Night Of(JournalContent journal, RunVerdict verdict, string command, IReadOnlyList<string> accepted)
    {
        var started = (RunStarted)journal.Events[0];
        var definitions = journal.Events.OfType<ExperimentStarted>().ToLookup(e => e.X ?? "", e => e.Definition, StringComparer.Ordinal);
        var readings = journal.Events.OfType<MachineSampled>().ToLookup(s => s.X ?? "", StringComparer.Ordinal);
        return new Night(verdict.Run, verdict.Seed, command, DateTimeOffset.UnixEpoch.AddTicks(started.At * 10), started.Tool,
            new NightMachine(started.Os, started.Cores), verdict.Outcome,
            [.. verdict.Experiments.Where(e => e.Mutant is null).Select(e => Of(e, definitions[e.Id].FirstOrDefault(), [.. readings[e.Id]]))], verdict.Skipped, null, accepted);
    }

    /// <summary>A night with what became of its mutants.</summary>
    public static Night With(this Night night, KillMatrix mutants) => night with
    {
        Mutants = [.. mutants.Rows.Select(r => new NightMutant(r.Mutant, r.Experiment, r.ExpectedExpectation, r.ForTheRightReason, r.Verdict, r.Sentence))],
    };

    /// <summary>Fingerprint of what an experiment's numbers depend on; see <see cref="NightExperiment"/>.</summary>
    /// <param name="definition">The definition as the journal has it.</param>
    public static string ConditionsOf(JsonElement definition)
    {
        var text = new StringBuilder();
        if (definition.ValueKind == JsonValueKind.Object)
        {
            Append(definition, Deciding, text);
            if (definition.TryGetProperty("expectations", out var expectations) && expectations.ValueKind == JsonValueKind.Array)
            {
                foreach (var expectation in expectations.EnumerateArray()) Append(expectation, DecidingOfExpectation, text);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12];
    }

    private static void Append(JsonElement from, string[] members, StringBuilder text)
    {
        foreach (var member in members)
        {
            if (from.TryGetProperty(member, out var value)) text.Append(member).Append(' ').Append(value.GetRawText()).Append('\n');
        }
    }

    private static NightExperiment Of(ExperimentVerdict e, JsonElement definition, IReadOnlyCollection<MachineSampled> readings) =>
        new(e.Id, e.Title, e.Checklist, e.Seed, e.Outcome, e.Sentence, ConditionsOf(definition), MachineLoad.Of(readings), [.. e.Expectations.Select(Of)]);

    private static NightExpectation Of(ExpectationResult r) => new(r.Id, r.Check, r.Outcome, [.. r.Measures.Select(Of)]);

    private static NightMeasure Of(Measure m) =>
        new(m.Name, Finite(m.Value), Finite(m.Threshold), m.Comparison, BadSides.Of(m.Comparison), m.Unit, m.Sample, m.Ok, Finite(m.Low), Finite(m.High));

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) && Math.Abs(v) < Unbounded ? v : null;
}
