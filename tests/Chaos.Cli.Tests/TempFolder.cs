namespace Chaos.Cli.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaos-test-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>What the journal in the folder "out" says so far; "" before there is one.</summary>
    public string Journal()
    {
        if (!File.Exists(this["out/journal.jsonl"])) return "";
        using var file = new FileStream(this["out/journal.jsonl"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
