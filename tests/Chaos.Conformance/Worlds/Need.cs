using Chaos.Load.External;
using Xunit;

namespace Chaos.Conformance.Worlds;

/// <summary>
/// Tools that some tests need. Without them a test is skipped with the reason; where <c>CHAOS_REQUIRE_ALL=1</c> says that everything
/// must be there, it fails.
/// </summary>
internal static class Need
{
    /// <summary>The folder <c>tests/clients</c> of the tree that these tests were built from.</summary>
    public static string ClientsFolder { get; } = FindClients();

    /// <summary>Node and npm.</summary>
    public static void Node() => Programs("node", "npm");

    /// <summary>A third-party client, installed.</summary>
    public static async Task<ExternalClient> ClientAsync(string name)
    {
        var client = ExternalClients.Discover(ClientsFolder).Single(c => c.Name == name);
        SkipWhen(client.WhyUnavailable());
        await client.PrepareAsync(TestContext.Current.CancellationToken);
        return client;
    }

    private static void Programs(params string[] names)
    {
        var missing = names.Where(name => Load.External.Programs.Find(name) is null).ToArray();
        SkipWhen(missing.Length == 0 ? null : $"not found on PATH: {string.Join(", ", missing)}");
    }

    private static void SkipWhen(string? reason)
    {
        if (reason is null) return;
        if (Environment.GetEnvironmentVariable("CHAOS_REQUIRE_ALL") == "1") Assert.Fail($"CHAOS_REQUIRE_ALL is set, but {reason}");
        Assert.Skip(reason);
    }

    private static string FindClients()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Chaos.sln"))) return Path.Combine(folder.FullName, "tests", "clients");
        throw new InvalidOperationException($"No Chaos.sln above {AppContext.BaseDirectory}.");
    }
}
