using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.Verdicts;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos watch</c>: the live page of a run that was started elsewhere, or of yesterday's.</summary>
internal static class WatchCommand
{
    private const string Journal = "journal.jsonl";

    public static Command Create()
    {
        var path = new Argument<string?>("PATH") { Description = "A journal.jsonl, or the folder of a run. Default: the latest run in reports/out.", Arity = ArgumentArity.ZeroOrOne };
        var arguments = new LiveArguments();
        var command = new Command("watch",
            """
            Shows a run on a live page: the journal as it grows, so it works beside a run that was started elsewhere, and on an old journal. Its button halts
            all faults while the run goes on. Runs nothing. Ctrl-C ends it, and leaves the run alone.
            """) { path, arguments.Port };
        command.SetAction(async (parsed, _) =>
        {
            var journal = Find(parsed.GetValue(path));
            using var lifetime = Lifetime.OfUser();
            await using var page = await LiveArguments.ServeAsync(journal, parsed.GetValue(arguments.Port), judges: true, new Clock());
            Console.Out.WriteLine($"{page.Address} shows {journal}");
            // A journal that cannot be read ends it; the exception says why.
            await await Task.WhenAny(lifetime.UntilEndAsync(), page.Following);
            return ExitCodes.Of(Outcome.Passed);
        });
        return command;
    }

    private static string Find(string? path)
    {
        if (path is null)
        {
            var latest = Directory.Exists(Layout.Out)
                ? Directory.EnumerateFiles(Layout.Out, Journal, SearchOption.AllDirectories).MaxBy(File.GetLastWriteTimeUtc)
                : null;
            return latest ?? throw new UsageException($"there is no run in {Layout.Out} yet. Start one with: chaos run --ui");
        }

        if (File.Exists(path)) return Path.GetFullPath(path);
        if (!Directory.Exists(path)) throw new UsageException($"there is no file or folder {path}.");
        var inside = Path.Combine(Path.GetFullPath(path), Journal);
        return File.Exists(inside) ? inside : throw new UsageException($"there is no {Journal} in {path}.");
    }
}
