namespace Chaos.Load.External;

/// <summary>Finds programs on the PATH.</summary>
public static class Programs
{
    /// <summary>Full path of a program, or null when it is not on the PATH. On Windows the endings of PATHEXT are tried.</summary>
    public static string? Find(string name)
    {
        string[] endings = OperatingSystem.IsWindows()
            ? ["", .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".EXE;.CMD;.BAT").Split(';', StringSplitOptions.RemoveEmptyEntries)]
            : [""];
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            foreach (var ending in endings)
            {
                var candidate = Path.Combine(folder, name + ending);
                if (IsProgram(candidate)) return candidate;
            }

        return null;
    }

    private static bool IsProgram(string path)
    {
        if (!File.Exists(path)) return false;
        if (OperatingSystem.IsWindows()) return Path.HasExtension(path);
        const UnixFileMode anyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return (File.GetUnixFileMode(path) & anyExecute) != 0;
    }
}
