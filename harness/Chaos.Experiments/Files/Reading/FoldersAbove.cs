namespace Chaos.Experiments.Files.Reading;

/// <summary>The folder of a file and every folder above it, the nearest first: where what a file refers to is looked for.</summary>
internal static class FoldersAbove
{
    public static IEnumerable<string> Of(string filePath)
    {
        for (var folder = Path.GetDirectoryName(filePath); folder is not null; folder = Path.GetDirectoryName(folder)) yield return folder;
    }
}
