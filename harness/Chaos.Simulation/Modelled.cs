using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Simulation.Model;

namespace Chaos.Simulation;

/// <summary>
/// What of an experiment a simulation knows. Its messages, and what is judged by them, are left out, and named wherever it is told what was done. Whatever
/// else an experiment asks for would change the storm itself, so it is an error in the file.
/// </summary>
public static class Modelled
{
    /// <summary>Checks whose evidence a simulation produces.</summary>
    public static IReadOnlyList<string> Checks { get; } = ["arrivals", "backoff_cap", "backoff_growth", "backoff_jitter", "connected", "reconnect_time"];

    /// <summary>Types of fault that a simulation knows, with the attributes that it knows of each.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Faults { get; } = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        [LinkFaults.Reset] = ["timeout"],
        [LinkFaults.Refuse] = ["retry_after", "status"],
    };

    /// <summary>An experiment without what a simulation leaves out of it.</summary>
    /// <returns>The rest, and what was left out, each as words: "messages", "nothing-lost (loss)".</returns>
    public static (ExperimentDefinition Part, IReadOnlyList<string> LeftOut) PartOf(ExperimentDefinition experiment)
    {
        var part = experiment with
        {
            Fleet = experiment.Fleet with { Feed = null },
            SteadyState = [.. experiment.SteadyState.Where(IsJudged)],
            Expectations = [.. experiment.Expectations.Where(IsJudged)],
        };
        var unjudged = experiment.SteadyState.Concat(experiment.Expectations).Where(e => !IsJudged(e)).Select(e => $"{e.Id} ({e.Check})");
        return (part, [.. experiment.Fleet.Feed is null ? Enumerable.Empty<string>() : ["messages"], .. unjudged]);
    }

    /// <summary>Everything in an experiment that is neither modelled nor left out, each at its place in the file.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="loaded">The files that it came from.</param>
    public static IReadOnlyList<FileError> Errors(ExperimentDefinition experiment, LoadResult loaded)
    {
        var errors = new List<FileError>();
        if (experiment.Fleet.Client != "reference")
            Report("/fleet/client", $"clients other than the reference are not modelled: '{experiment.Fleet.Client}'", "Set fleet.client to reference, or run it for real: chaos run.");
        if (experiment.Scripts.Count > 0) Report("/scripts", "scripts are not modelled", "Remove them, or run it for real: chaos run.");
        if (experiment.StopWhen.Count > 0) Report("/stop_when", "stop conditions are not modelled", "Remove them: a simulation harms nobody.");
        for (var i = 0; i < experiment.Timeline.Faults.Count; i++) Fault(experiment.Timeline.Faults[i], experiment.Fleet.Link, $"/timeline/faults/{i}", Report);
        if (!experiment.Expectations.Any(IsJudged))
            Report("/expectations", $"the evidence that {Listed(experiment.Expectations.Select(e => e.Check).Distinct())} needs is not modelled, and nothing else is expected", $"A simulation can be judged by {Listed(Checks)}. Or run it for real: chaos run.");
        return [.. errors.Order()];

        void Report(string pointer, string message, string hint) => errors.Add(loaded.ErrorAt(experiment, pointer, message, hint));
    }

    private static bool IsJudged(ExpectationDefinition expectation) => Checks.Contains(expectation.Check);

    private static void Fault(FaultDefinition fault, string link, string pointer, Action<string, string, string> report)
    {
        if (!Faults.TryGetValue(fault.Type, out var attributes))
        {
            report($"{pointer}/fault", $"the fault {fault.Type} is not modelled", $"A simulation knows {Listed(Faults.Keys)}.");
            return;
        }

        if (fault.Link != link) report($"{pointer}/link", $"links other than the fleet's are not modelled: {fault.Place}", $"Put the fault on {link}.");
        if (fault.Toxicity < 1) report($"{pointer}/toxicity", $"a fault on a share of the connections is not modelled: toxicity {fault.Toxicity:0.###}", "Leave toxicity out: the fault then takes hold of every connection.");
        if (fault.Target is not null) report($"{pointer}/target", "a fault on chosen connections is not modelled", "Leave target out: the fault then takes hold of every connection.");
        foreach (var (name, value) in fault.Attributes.Where(a => !attributes.Contains(a.Key)))
            report($"{pointer}/attributes/{name}", $"{name} of {fault.Type} is not modelled", $"A simulation knows {Listed(attributes)} of it.");
        if (fault.Type == LinkFaults.Reset && fault.Attributes["timeout"] is JsonValue timeout && timeout.Deserialize<double>() > 0)
            report($"{pointer}/attributes/timeout", "a reset some time after the fault begins is not modelled", "Set timeout to 0, and begin the fault later with at.");
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names);
}
