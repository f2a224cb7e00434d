namespace Chaos.Load.External;

/// <summary>Finds third-party clients.</summary>
public static class ExternalClients
{
    internal const string ManifestName = "client.json";

    /// <summary>Every client in a folder of clients, sorted by name. A folder that does not exist has none.</summary>
    /// <exception cref="InvalidDataException">A manifest is invalid, or two clients have one name.</exception>
    public static IReadOnlyList<ExternalClient> Discover(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        ExternalClient[] clients = [.. Directory.GetDirectories(folder)
            .Where(candidate => File.Exists(Path.Combine(candidate, ManifestName)))
            .Select(ExternalClient.Open)
            .OrderBy(client => client.Name, StringComparer.Ordinal)];
        var twice = clients.GroupBy(client => client.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new InvalidDataException($"Two clients are named {twice.Key}: {string.Join(" and ", twice.Select(client => client.Folder))}.");
        return clients;
    }
}
