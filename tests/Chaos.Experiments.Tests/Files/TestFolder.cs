using Chaos.Experiments.Files;

namespace Chaos.Experiments.Tests.Files;

/// <summary>A folder of its own for a test, with the world <c>one-region</c> (links eu.clients, eu.redis); removed at the end.</summary>
internal sealed class TestFolder : IDisposable
{
    public const string World = """
        name: one-region
        regions:
          - { name: eu, gateways: 1, store: { kind: embedded } }
        """;

    public TestFolder()
    {
        Path = Directory.CreateTempSubdirectory("chaos-files-").FullName;
        Write("worlds/one-region.yaml", World);
    }

    public string Path { get; }

    // Half a character, as a mutation may leave it, is written as a replacement: a file holds bytes.
    public void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    public LoadResult Load(string path = "x.yaml", params (string Key, string Value)[] set) => Load([path], set);

    public LoadResult Load(string[] paths, params (string Key, string Value)[] set) => ExperimentFiles.Load(paths, TestCatalogue.Instance,
        set.ToDictionary(s => s.Key, s => s.Value), new LoadOptions { WorkingFolder = Path });

    public LoadResult LoadWithBudgets(string budgets) => ExperimentFiles.Load(["x.yaml"], TestCatalogue.Instance, null, new LoadOptions { WorkingFolder = Path, Budgets = budgets });

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
