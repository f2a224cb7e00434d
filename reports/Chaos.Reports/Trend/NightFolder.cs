using System.Text.Json;
using Chaos.Reports.Json;

namespace Chaos.Reports.Trend;

/// <summary>Nights that were read, and what could not be.</summary>
/// <param name="Nights">In the order in which they began.</param>
/// <param name="Problems">One sentence, with what to do, for each file that was left out.</param>
public sealed record NightsRead(IReadOnlyList<Night> Nights, IReadOnlyList<string> Problems);

/// <summary>
/// The history: a folder with a file for each night. Files are only ever added, so it can be kept in a cache, a bucket or a repository.
/// A file that is damaged, or is something else, is named and left out: last month's accident must not end tonight's run.
/// </summary>
/// <param name="path">The folder; it need not exist.</param>
public sealed class NightFolder(string path)
{
    /// <summary>First member of every file.</summary>
    public const string Format = "chaos-night";

    /// <summary>Version that is written, and the newest that is read.</summary>
    public const int Version = 1;

    /// <summary>How many of the newest files are read.</summary>
    public const int Most = 1000;

    private const long MostBytes = 16 * 1024 * 1024;

    private const string About = "One night of chaos nightly: outcomes, and every number beside its threshold. Later nights are compared with it. Never changed once written.";

    /// <summary>Reads the newest <see cref="Most"/> nights.</summary>
    /// <exception cref="IOException">The folder is there and cannot be listed.</exception>
    public NightsRead Read()
    {
        if (!Directory.Exists(path)) return new NightsRead([], []);
        var nights = new List<Night>();
        var problems = new List<string>();
        // The names begin with the time, so the newest come last.
        var files = new DirectoryInfo(path).GetFiles().Where(f => !f.Name.StartsWith('.')).OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        foreach (var file in files.TakeLast(Most))
        {
            if (Read(file, out var problem) is not { } night) problems.Add($"{file.FullName} {problem} It was left out.");
            else if (nights.Any(n => n.Run == night.Run)) problems.Add($"{file.FullName} is a second copy of the night {night.Run}: delete one. It was left out.");
            else nights.Add(night);
        }

        return new NightsRead([.. nights.OrderBy(n => n.StartedAt)], problems);
    }

    /// <summary>Makes sure that a night can be added, before one has been spent.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public void Prepare()
    {
        Directory.CreateDirectory(path);
        var probe = Path.Combine(path, ".probe");
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }

    /// <summary>Adds a night.</summary>
    /// <returns>Path of its file.</returns>
    /// <exception cref="IOException">The folder cannot be written, or has a file for this night.</exception>
    public string Add(Night night)
    {
        Directory.CreateDirectory(path);
        var file = Path.Combine(path, night.Run + ".json");
        // Under a name that is not read until it is whole: a night that is killed while writing leaves no half of a file behind.
        var draft = Path.Combine(path, $".{night.Run}.draft");
        using (var output = File.Create(draft))
        {
            // On one line: half the size, and there will be hundreds of them.
            using (var writer = new Utf8JsonWriter(output, JsonReport.Readable with { Indented = false }))
                JsonSerializer.Serialize(writer, new NightDocument(Format, Version, About, night), NightJson.Default.NightDocument);
            output.WriteByte((byte)'\n');
        }

        File.Move(draft, file, overwrite: false);
        return file;
    }

    private static Night? Read(FileInfo file, out string problem)
    {
        problem = "";
        try
        {
            if (file.Extension != ".json" || file.Length > MostBytes)
            {
                problem = "is not the file of a night: keep nothing else in the history's folder.";
                return null;
            }

            var bytes = File.ReadAllBytes(file.FullName);
            var envelope = JsonSerializer.Deserialize(bytes, NightJson.Default.NightEnvelope);
            if (envelope is { Format: Format, Version: >= 1 and <= Version }) return JsonSerializer.Deserialize(bytes, NightJson.Default.NightDocument)!.Night;
            problem = envelope is { Format: Format, Version: > Version }
                ? $"is of version {envelope.Version}, and this tool knows {Version}: use the newer tool."
                : "is JSON, but not the file of a night: keep nothing else in the history's folder.";
        }
        catch (JsonException e)
        {
            problem = $"is damaged (line {(e.LineNumber ?? 0) + 1}: {e.Message.Split(" Path:", 2)[0].TrimEnd('.')}): restore it from a copy, or delete it.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot be read ({e.Message.TrimEnd('.')}): see who may read it.";
        }

        return null;
    }
}
