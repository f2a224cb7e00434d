using System.IO.Compression;
using System.Text;
using Chaos.Experiments.Tests.Files;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>
/// Experiments of the project as they were run once: those lines of their journals that alerts and their checks read. <c>dependency-latency</c>
/// is incident-dependency-latency, <c>redis-down</c> is circuit-redis-down.
/// </summary>
internal static class RecordedRun
{
    public static IReadOnlyList<JournalEvent> Events(string run)
    {
        using var file = File.OpenRead(Path.Combine(Repository.Root(), "tests", "Chaos.Experiments.Tests", "Alerts", "Recorded", $"{run}.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var events = new List<JournalEvent>();
        while (reader.ReadLine() is { } line) events.Add(JournalFormat.Parse(Encoding.UTF8.GetBytes(line)));
        return JournalExperiments.InOrder(events);
    }
}
