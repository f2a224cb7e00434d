using Chaos.Experiments.Files;
using Snapshooter.Xunit3;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

/// <summary>Files with many slips each: the snapshot holds every message, to be read as a user would read them.</summary>
public sealed class CorpusTests
{
    [Fact]
    public void Every_message_of_a_corpus_of_bad_files_is_as_reviewed()
    {
        var folder = Path.Combine(Repository.Root(), "tests", "Chaos.Experiments.Tests", "Files", "Corpus");
        var result = ExperimentFiles.Load(["."], TestCatalogue.Instance, options: new LoadOptions { WorkingFolder = folder });
        Assert.Empty(result.Experiments);
        Assert.All(Directory.EnumerateFiles(folder, "*.yaml"), path => Assert.Contains(result.Errors, e => e.File == Path.GetFileName(path)
            || (path.EndsWith("world-wrong.yaml", StringComparison.Ordinal) && e.File == "worlds/wrong.yaml")));
        Snapshot.Match(string.Join("\n", result.Errors) + "\n");
    }
}
