using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Chaos.Cli.Commands;
using Chaos.Experiments.Engine.Alerting;
using Chaos.Experiments.Engine.Processes;
using Chaos.Experiments.Engine.Runs;
using Chaos.Journal;

namespace Chaos.Cli.Composition;

/// <summary>A run as the command line asks for it: its name, seed, folder, and the command that repeats it.</summary>
/// <param name="Arguments">What repeats it, without the verb: files, choices and the seed.</param>
internal sealed record RunPlan(RunIdentity Identity, string Folder, bool Json, Clock Clock, string Arguments)
{
    // What a shell would take for more than a word.
    private static readonly SearchValues<char> Special = SearchValues.Create(" ?&*$;|<>\"");

    public static EngineServices Services(IRunObserver observer, AlertingSetup? alerting = null) => new(new PartProcesses(Self.Current()), new ClientKinds(), observer, alerting);

    public static RunPlan Create(ParseResult parsed, RunOptions options, string verb, ExperimentArguments arguments, params string[] more)
    {
        var plan = Create(parsed, options, verb, seed => Words(parsed, arguments, seed, more));
        return plan with { Arguments = Words(parsed, arguments, plan.Identity.Seed, []) };
    }

    /// <summary>A run of something else than experiments.</summary>
    /// <param name="words">What repeats it, without the verb and the seed.</param>
    public static RunPlan Create(ParseResult parsed, RunOptions options, string verb, IReadOnlyList<string> words) =>
        Create(parsed, options, verb, seed => Quoted([.. words, "--seed", seed.ToString(CultureInfo.InvariantCulture)]));

    private static RunPlan Create(ParseResult parsed, RunOptions options, string verb, Func<long, string> words)
    {
        var clock = new Clock();
        // A seed that people can read out to one another: up to nine digits.
        var seed = parsed.GetValue(options.Seed) ?? RandomNumberGenerator.GetInt32(1, 1_000_000_000);
        var started = clock.Time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var name = $"{started}-seed{seed}{(verb == "run" ? "" : $"-{verb}")}";
        var folder = parsed.GetValue(options.Out)?.FullName ?? Path.Combine(Layout.Out, name);
        var journal = NewJournal(folder);
        var tool = typeof(RunPlan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return new RunPlan(new RunIdentity(name, seed, $"./chaos {verb} {words(seed)}", tool, journal), folder, parsed.GetValue(options.Json), clock, words(seed));
    }

    /// <summary>A part of it with a journal of its own, in a folder of its own, and the command that repeats only that part.</summary>
    public RunPlan Part(string folder, string verb) => this with
    {
        Folder = Path.Combine(Folder, folder),
        Identity = Identity with { Command = $"./chaos {verb} {Arguments}", JournalPath = NewJournal(Path.Combine(Folder, folder)) },
    };

    /// <summary>The same under a name that does not tell when it was made, for runs whose journals are to repeat byte for byte.</summary>
    public RunPlan Timeless(string name) => this with { Identity = Identity with { Name = $"{name}-seed{Identity.Seed}" } };

    private static string NewJournal(string folder)
    {
        Directory.CreateDirectory(folder);
        var journal = Path.Combine(folder, "journal.jsonl");
        return File.Exists(journal) ? throw new Hosting.UsageException($"{journal} exists. A journal is never overwritten: name another --out folder.") : journal;
    }

    private static string Words(ParseResult parsed, ExperimentArguments arguments, long seed, string[] more)
    {
        IEnumerable<string> words =
        [
            .. parsed.GetValue(arguments.Paths) ?? [],
            .. (parsed.GetValue(arguments.Only) ?? []).SelectMany(o => new[] { "--only", o }),
            .. (parsed.GetValue(arguments.Set) ?? []).SelectMany(s => new[] { "--set", s }),
            .. parsed.GetValue(arguments.World) is { } world ? ["--world", world] : Array.Empty<string>(),
            .. parsed.GetValue(arguments.Budgets) is { } budgets ? ["--budgets", budgets.ToString()] : Array.Empty<string>(),
            .. more, "--seed", seed.ToString(CultureInfo.InvariantCulture),
        ];
        return Quoted(words);
    }

    private static string Quoted(IEnumerable<string> words) => string.Join(' ', words.Select(w => w.AsSpan().ContainsAny(Special) ? $"'{w}'" : w));
}
