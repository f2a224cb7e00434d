namespace Chaos.Load.External;

/// <summary>Whether a third-party client can run on this machine.</summary>
/// <param name="IsAvailable">True when all it requires is there.</param>
/// <param name="Reason">What is missing, for people, when it is not.</param>
public readonly record struct ExternalAvailability(bool IsAvailable, string? Reason);

/// <summary>A third-party client that can be a fleet: a folder with a <c>client.json</c>.</summary>
public sealed class ExternalClient
{
    private static readonly Dictionary<string, string> Products = new() { ["node"] = "Node", ["npm"] = "npm", ["python3"] = "Python 3", ["dotnet"] = ".NET" };

    private readonly ExternalManifest _manifest;

    private ExternalClient(string folder, ExternalManifest manifest) => (Folder, _manifest) = (folder, manifest);

    /// <summary>Name in experiment files, such as <c>centrifuge-js</c>.</summary>
    public string Name => _manifest.Name;

    /// <summary>One line about it.</summary>
    public string Summary => _manifest.Summary;

    /// <summary>Its folder; its command runs there.</summary>
    public string Folder { get; }

    internal IReadOnlyList<string> Command => _manifest.Command;

    /// <summary>Reads the client in a folder.</summary>
    /// <exception cref="InvalidDataException">Its <c>client.json</c> is invalid.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ExternalClient Open(string folder) =>
        new(Path.GetFullPath(folder), ExternalManifest.Read(Path.Combine(folder, ExternalClients.ManifestName)));

    /// <summary>Whether this machine has what the client requires. Looks only; installs nothing.</summary>
    public ExternalAvailability Availability()
    {
        var missing = _manifest.Requires.Where(program => Programs.Find(program) is null).ToArray();
        return missing.Length == 0 ? new(true, null) : new(false, string.Join("; ", missing.Select(NotInstalled)));
    }

    /// <summary>What is missing on this machine, for people; null when the client can run.</summary>
    public string? WhyUnavailable() => Availability().Reason;

    /// <summary>Runs the install step unless what it made is newer than what it was made from. Safe to call from several processes at once.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message ends with what it said.</exception>
    public Task PrepareAsync(CancellationToken cancel) => _manifest.Install.Count == 0
        ? Task.CompletedTask
        : InstallStep.RunAsync(Folder, _manifest.Install, _manifest.Stamp, _manifest.Inputs, cancel);

    /// <exception cref="InvalidOperationException">It is not on the PATH.</exception>
    internal static string Program(string name) => Programs.Find(name) ?? throw new InvalidOperationException($"{NotInstalled(name)}.");

    internal static string NotInstalled(string program) =>
        $"{Products.GetValueOrDefault(program, program)} is not installed ({program} not found on PATH)";
}
