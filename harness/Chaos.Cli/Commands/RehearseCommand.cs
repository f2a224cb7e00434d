using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Files;
using Chaos.Experiments.Rehearsals;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Live.Hosting;
using Chaos.Reports.Rehearsals;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos rehearse</c>: an incident, and a runbook to go through it with.</summary>
internal static class RehearseCommand
{
    private const int MostSeeds = 200;

    public static Command Create()
    {
        var runbook = new Argument<FileInfo>("RUNBOOK") { Description = "The runbook's file, such as experiments/runbooks/live-sockets.yaml." };
        var fault = new Option<string?>("--fault") { Description = "The cause to inject, as the runbook names it. Default: the seed chooses.", HelpName = "CAUSE" };
        var blind = new Option<bool>("--blind") { Description = "The seed chooses the cause, and nobody is told which (the default)." };
        var auto = new Option<bool>("--auto") { Description = "The harness follows the runbook by itself, and for comparison nobody does anything with the same seed." };
        var seeds = new Option<int>("--seeds") { Description = $"With --auto: how many seeds, counted up from the first, 1 to {MostSeeds}.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var single = new Option<bool>("--no-compare") { Description = "With --auto: leave out the comparison." };
        var set = new Option<string[]>("--set") { Description = "Replace a value of the runbook, such as --set stable.for=10s. May be repeated.", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false };
        var options = new RunOptions();
        var live = new LiveArguments();
        var command = new Command("rehearse",
            """
            Goes through a runbook against a live fault. It starts a world with a fleet, lets something go wrong, and times what you do: until it is
            detected, diagnosed, mitigated and stable. Type help for what can be said; halt ends it at any moment, and every fault with it. Afterwards
            there is a report of the incident beside the journal.

            With --auto the harness follows the runbook by itself, once with it and once without for each seed. Exit code: 0 when the causes were named
            and the time to stability is as short as the runbook demands, 1 when not, 2 inconclusive, 3 baseline not met, 4 halted, 64 unusable file
            or flags, 70 internal error, 130 interrupted.

            Try:  chaos rehearse experiments/runbooks/live-sockets.yaml --blind
                  chaos rehearse experiments/runbooks/live-sockets.yaml --fault hot-channel --set stable.for=10s
                  chaos rehearse experiments/runbooks/live-sockets.yaml --auto --seeds 20
            """) { runbook, fault, blind, auto, seeds, single, set };
        options.AddTo(command);
        command.Options.Add(live.Ui);
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(blind) && parsed.GetValue(fault) is not null) throw new UsageException("--blind and --fault: one of them, please.");
            if (parsed.GetValue(seeds) is < 1 or > MostSeeds) throw new UsageException($"--seeds {parsed.GetValue(seeds)}: it may be 1 to {MostSeeds}.");
            if (!parsed.GetValue(auto) && (parsed.GetValue(seeds) != 1 || parsed.GetValue(single))) throw new UsageException("--seeds and --no-compare go with --auto.");
            var file = parsed.GetValue(runbook)!;
            var (definition, errors) = RunbookFiles.Load(file.FullName, Catalogues.All(), Settings(parsed.GetValue(set) ?? []));
            if (definition is null)
            {
                ErrorPrinter.Print(errors);
                return ExitCodes.Usage;
            }

            var named = Cause(definition, parsed.GetValue(fault));
            var plan = RunPlan.Create(parsed, options, "rehearse", [.. Words(parsed, runbook, fault, auto, seeds, single, set)]);
            string[] modes = !parsed.GetValue(auto) ? [RehearsalModes.Person] : parsed.GetValue(single) ? [RehearsalModes.Auto] : [RehearsalModes.Auto, RehearsalModes.Nobody];
            List<PlannedRehearsal> planned =
            [
                .. Enumerable.Range(0, parsed.GetValue(seeds)).Select(i => plan.Identity.Seed + i)
                    .SelectMany(seed => modes.Select(mode => new PlannedRehearsal(definition, named ?? PlannedRehearsal.Blind(definition, seed), mode, seed))),
            ];
            using var lifetime = Lifetime.OfUser();
            await using var page = await live.StartAsync(parsed, plan);
            return await RunAsync(plan, planned, page, lifetime.Ending);
        });
        return command;
    }

    private static async Task<int> RunAsync(RunPlan plan, List<PlannedRehearsal> planned, LivePage? page, CancellationToken ending)
    {
        var output = plan.Json ? Console.Error : Console.Out;
        using var progress = new PlainProgress(output);
        output.WriteLine($"Rehearsal {plan.Identity.Name}, seed {plan.Identity.Seed}. Repeat with: {plan.Identity.Command}");
        if (page is not null) output.WriteLine($"Live page: {page.Address}");
        await using var services = RunPlan.Services(progress);
        var session = new RehearsalSession(plan.Identity, services, plan.Clock);
        var number = 0;
        var journal = await session.RunAsync(planned, p => Seat(p, ++number, planned.Count, plan, output), j => Verdict(j).Outcome, ending);
        var written = IncidentReport.WriteAll(journal, plan.Folder);
        if (plan.Json) Console.Out.WriteLine(await File.ReadAllTextAsync(Path.Combine(plan.Folder, IncidentReport.JsonName), CancellationToken.None));
        else RehearsalTable.Print(RehearsalResult.Of(journal.Events), Verdict(journal), written[0]);
        return ExitCodes.Of(Verdict(journal).Outcome);
    }

    private static IRehearsalSeat Seat(PlannedRehearsal rehearsal, int number, int of, RunPlan plan, TextWriter output)
    {
        if (rehearsal.Mode == RehearsalModes.Person) return new PersonSeat(rehearsal.Runbook, plan.Clock, Console.In);
        output.WriteLine($"[{number}/{of}] seed {rehearsal.Seed}, {rehearsal.Cause.Name}, {(rehearsal.Mode == RehearsalModes.Auto ? "with the runbook" : "without the runbook")}");
        return new AutoSeat(rehearsal.Mode == RehearsalModes.Auto ? new AutoFollower(rehearsal.Runbook) : null, text => output.WriteLine($"    {text}"));
    }

    private static RehearsalVerdict Verdict(JournalContent journal) => RehearsalVerdict.Judge(RehearsalResult.Of(journal.Events));

    private static CauseDefinition? Cause(RunbookDefinition runbook, string? name) => name is null ? null
        : runbook.Causes.FirstOrDefault(c => c.Name == name) ?? throw new UsageException($"--fault {name}: {runbook.Id} has no such cause. There are: {string.Join(", ", runbook.Causes.Select(c => c.Name))}.");

    private static Dictionary<string, string> Settings(IEnumerable<string> pairs)
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var split = pair.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0) throw new UsageException($"--set {pair}: write KEY=VALUE, such as --set stable.for=10s.");
            set[pair[..split]] = pair[(split + 1)..];
        }

        return set;
    }

    private static IEnumerable<string> Words(ParseResult parsed, Argument<FileInfo> runbook, Option<string?> fault, Option<bool> auto, Option<int> seeds, Option<bool> single, Option<string[]> set)
    {
        yield return parsed.GetValue(runbook)!.ToString();
        if (parsed.GetValue(fault) is { } cause)
        {
            yield return "--fault";
            yield return cause;
        }

        if (parsed.GetValue(auto)) yield return "--auto";
        if (parsed.GetValue(single)) yield return "--no-compare";
        if (parsed.GetValue(seeds) is > 1 and var many)
        {
            yield return "--seeds";
            yield return many.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        foreach (var pair in parsed.GetValue(set) ?? [])
        {
            yield return "--set";
            yield return pair;
        }
    }
}
