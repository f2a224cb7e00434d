namespace Chaos.Experiments.Files.Reading;

/// <summary>What a file is.</summary>
internal enum FileRole
{
    Experiment,
    World,
    Budgets,
    Alerts,
    OnCall,
    Runbook,
}

/// <summary>A file to read.</summary>
internal sealed record FoundFile(string Path, string ShownAs, FileRole Role);

/// <summary>Turns the paths of a command line into files.</summary>
internal sealed class FileFinder(string workingFolder, ICollection<FileError> errors)
{
    private const string Header = "$schema=";

    private static readonly Dictionary<string, FileRole> ByName = new(StringComparer.Ordinal)
    {
        [BudgetFiles.Name] = FileRole.Budgets, [AlertFiles.Name] = FileRole.Alerts, [OnCallFiles.Name] = FileRole.OnCall,
    };

    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true, MaxRecursionDepth = 16, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    /// <summary>Files in the order of the paths; those of a folder by name. Each once.</summary>
    public IReadOnlyList<FoundFile> Find(IEnumerable<string> paths)
    {
        var found = new List<FoundFile>();
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path, workingFolder);
            if (Directory.Exists(full))
            {
                var inside = Directory.EnumerateFiles(full, "*", Below)
                    .Where(f => Path.GetExtension(f) is ".yaml" or ".yml").Order(StringComparer.Ordinal)
                    .Select(f => (File: f, Role: Role(f))).Where(f => f.Role is not null)
                    .Select(f => new FoundFile(f.File, Shown(f.File), f.Role!.Value)).ToList();
                if (inside.Count == 0) errors.Add(new FileError(Shown(full), 0, 0, "no experiment is in this folder", "Experiments are files that end in .yaml."));
                found.AddRange(inside);
            }
            else if (File.Exists(full)) found.Add(new FoundFile(full, Shown(full), Role(full) ?? FileRole.Experiment));
            else errors.Add(new FileError(Shown(full), 0, 0, "there is no such file or folder", "Check the path; without one, experiments/checklist is meant."));
        }

        return [.. found.DistinctBy(f => f.Path)];
    }

    /// <summary>A path as messages show it.</summary>
    public string Shown(string full)
    {
        var relative = Path.GetRelativePath(workingFolder, full);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? full : relative.Replace('\\', '/');
    }

    // The header that editors complete from says what a file is; without one a file is an experiment, in a folder "worlds" a world.
    // Null for other files of this tool, such as settings of a gateway.
    private static FileRole? Role(string path)
    {
        var schema = SchemaOf(path);
        if (schema is null && ByName.TryGetValue(Path.GetFileName(path), out var role)) return role;
        if (schema is null) return Path.GetFileName(Path.GetDirectoryName(path)) == "worlds" ? FileRole.World : FileRole.Experiment;
        return Path.GetFileName(schema) switch
        {
            "world.schema.json" => FileRole.World,
            "budgets.schema.json" => FileRole.Budgets,
            "alerts.schema.json" => FileRole.Alerts,
            "on-call.schema.json" => FileRole.OnCall,
            "runbook.schema.json" => FileRole.Runbook,
            "experiment.schema.json" => FileRole.Experiment,
            var other when other.EndsWith(".schema.json", StringComparison.Ordinal) => null,
            _ => FileRole.Experiment,
        };
    }

    private static string? SchemaOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[512];
            var text = System.Text.Encoding.Latin1.GetString(head, 0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
            var line = text.Split('\n').FirstOrDefault(l => l.StartsWith("# yaml-language-server:", StringComparison.Ordinal));
            var at = line?.IndexOf(Header, StringComparison.Ordinal) ?? -1;
            return at < 0 ? null : line![(at + Header.Length)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reading the file whole will meet the same trouble, and report it.
            return null;
        }
    }
}
