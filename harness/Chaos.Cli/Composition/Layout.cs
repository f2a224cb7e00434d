using Chaos.Cli.Hosting;

namespace Chaos.Cli.Composition;

/// <summary>Where the project's files are: the working folder first, then the folder that holds the program.</summary>
internal static class Layout
{
    private static readonly string[] Starts = [Environment.CurrentDirectory, AppContext.BaseDirectory];

    /// <summary>The project's root: the nearest folder upward that holds <c>experiments/schema</c>.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Root => RootOrNull
        ?? throw new UsageException("no experiments folder here or above. Run it from the project's folder, or name the experiment files.");

    /// <summary>The same; null when there is none.</summary>
    public static string? RootOrNull => Starts.Select(Upward).FirstOrDefault(r => r is not null);

    /// <summary>All experiments, in their folders.</summary>
    public static string Experiments => Path.Combine(Root, "experiments");

    /// <summary>The checklist, and the experiments on it that are run when none is named.</summary>
    public static string Checklist => Path.Combine(Experiments, "checklist");

    /// <summary>Experiments that need nothing of a gateway but WebSocket.</summary>
    public static string Wire => Path.Combine(Experiments, "wire");

    /// <summary>Third-party clients.</summary>
    public static string Clients => Path.Combine(Root, "tests", "clients");

    /// <summary>Where runs go by default.</summary>
    public static string Out => Path.Combine(Root, "reports", "out");

    /// <summary>Where the nights are kept by default.</summary>
    public static string Nights => Path.Combine(Root, "reports", "nights");

    private static string? Upward(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "experiments", "schema"))) return folder.FullName;
        }

        return null;
    }
}
