using System.Runtime.InteropServices;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>The first and the last line of a run's journal: what it is, and what all between them comes to.</summary>
public static class RecordedRun
{
    /// <summary>Runs something into a new journal.</summary>
    /// <param name="identity">What identifies the run.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="run">What is run. It writes to the journal.</param>
    /// <param name="judge">The outcome that the journal comes to, as it stands on disk.</param>
    /// <returns>The whole journal.</returns>
    public static async Task<JournalContent> RecordAsync(RunIdentity identity, Clock clock, Func<JournalWriter, Task> run, Func<JournalContent, Outcome> judge)
    {
        await using (var writer = new JournalWriter(identity.JournalPath))
        {
            writer.Write(new RunStarted(JournalFormat.Version, identity.Name, identity.Seed, identity.Command, identity.Tool, Environment.ProcessorCount, RuntimeInformation.OSDescription) { At = clock.NowUs });
            await run(writer).ConfigureAwait(false);
        }

        var content = JournalReader.Read(identity.JournalPath);
        return await EndAsync(identity, content, judge(content), clock.NowUs).ConfigureAwait(false);
    }

    /// <summary>Writes the last line.</summary>
    /// <param name="identity">What identifies the run.</param>
    /// <param name="content">Its journal so far.</param>
    /// <param name="outcome">What that comes to.</param>
    /// <param name="at">When it ended, microseconds since 1970.</param>
    /// <returns>The whole journal.</returns>
    public static async Task<JournalContent> EndAsync(RunIdentity identity, JournalContent content, Outcome outcome, long at)
    {
        var ended = new RunEnded(ExitCodes.NameOf(outcome), ExitCodes.Of(outcome)) { At = at };
        await using (var writer = new JournalWriter(identity.JournalPath)) writer.Write(ended);
        return content with { Events = [.. content.Events, ended] };
    }
}
