using System.Text.Json;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Journals;

/// <summary>Judges an experiment from its stretch of the journal, once that has been written: for a page beside a run that is somebody else's.</summary>
internal static class JournalVerdicts
{
    /// <summary>Judges it.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="experiment">Its id.</param>
    /// <param name="from">Offset of its first line.</param>
    /// <param name="to">Offset of its last line.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static VerdictView Of(string path, string experiment, long from, long to)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = from;
        var lines = new byte[to - from];
        file.ReadExactly(lines);
        // What is written of the ledger after the end is not judged by anybody who reads along; the end itself is.
        var rest = new StreamReader(file).ReadLine();
        var events = new List<JournalEvent>();
        foreach (var range in lines.AsSpan().Split((byte)'\n')) Add(lines.AsSpan()[range]);
        if (rest is not null) Add(System.Text.Encoding.UTF8.GetBytes(rest));
        var verdict = Judge.Experiment(events);
        return Of(verdict);

        void Add(ReadOnlySpan<byte> line)
        {
            try
            {
                if (line.Length > 0 && JournalFormat.Parse(line) is { } e && e.X == experiment) events.Add(e);
            }
            catch (JsonException)
            {
                // Of a newer version, or damaged: a judge of the whole journal names it.
            }
        }
    }

    /// <summary>A verdict as the page shows it.</summary>
    public static VerdictView Of(Chaos.Journal.Verdicts.ExperimentVerdict verdict) => new(ExitCodes.NameOf(verdict.Outcome), verdict.Sentence);
}
