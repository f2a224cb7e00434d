using System.Text.Json;
using Chaos.Journal.Events;

namespace Chaos.Journal.IO;

/// <summary>A journal as read from its file.</summary>
/// <param name="Events">All readable events, in the file's order; of an experiment that was run again, those of its last run.</param>
/// <param name="Problems">Lines that could not be read, as "line 12: …". A torn last line, which a killed run may leave, is not a problem.</param>
/// <param name="Torn">True when the last line was incomplete and left out.</param>
public sealed record JournalContent(IReadOnlyList<JournalEvent> Events, IReadOnlyList<string> Problems, bool Torn);

/// <summary>Reads journals, also those of killed runs and of newer versions.</summary>
public static class JournalReader
{
    /// <summary>Reads a whole journal.</summary>
    /// <exception cref="InvalidDataException">The file does not begin with a run.started line, or has a newer format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static JournalContent Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var events = new List<JournalEvent>();
        var problems = new List<string>();
        var torn = false;
        var number = 0;
        string? pendingProblem = null;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (pendingProblem is not null) problems.Add(pendingProblem);
            pendingProblem = null;
            if (line.Length == 0) continue;
            try
            {
                var entry = JournalFormat.Parse(System.Text.Encoding.UTF8.GetBytes(line));
                if (entry is ExperimentStarted { Again: not null }) events.RemoveAll(e => e.X == entry.X);
                events.Add(entry);
            }
            catch (JsonException e)
            {
                pendingProblem = $"line {number}: {e.Message}";
            }
        }

        if (pendingProblem is not null) torn = true;
        if (events.Count == 0 || events[0] is not RunStarted start)
            throw new InvalidDataException($"{path} is not a journal: its first line is no run.started.");
        if (start.Format > JournalFormat.Version)
            throw new InvalidDataException($"{path} has journal format {start.Format}; this version reads up to {JournalFormat.Version}.");
        return new JournalContent(events, problems, torn);
    }
}
