using Chaos.Load.External;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>A Prometheus and an Alertmanager to put beside worlds.</summary>
/// <param name="Programs">The programs.</param>
/// <param name="Folder">Where configuration, data and logs go, in a folder for each experiment.</param>
public sealed record AlertingSetup(AlertingPrograms Programs, string Folder);

/// <summary>The two programs.</summary>
/// <param name="Prometheus">Path of Prometheus.</param>
/// <param name="Alertmanager">Path of Alertmanager.</param>
public sealed record AlertingPrograms(string Prometheus, string Alertmanager)
{
    // Debian's name, and everybody else's.
    private static readonly string[] AlertmanagerNames = ["prometheus-alertmanager", "alertmanager"];

    /// <summary>Looks for them on PATH.</summary>
    /// <returns>Them, or null and what is missing.</returns>
    public static (AlertingPrograms? Found, string? Missing) Find()
    {
        var prometheus = Programs.Find("prometheus");
        var alertmanager = AlertmanagerNames.Select(Programs.Find).FirstOrDefault(p => p is not null);
        if (prometheus is not null && alertmanager is not null) return (new AlertingPrograms(prometheus, alertmanager), null);
        return (null, string.Join(" and no ", new[] { prometheus is null ? "prometheus" : null, alertmanager is null ? "alertmanager" : null }.Where(m => m is not null)));
    }
}
