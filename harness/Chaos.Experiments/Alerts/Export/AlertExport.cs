using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files;

namespace Chaos.Experiments.Alerts.Export;

/// <summary>Writes what Prometheus and Alertmanager read.</summary>
public static class AlertExport
{
    /// <summary>Name of the file of rules.</summary>
    public const string RulesFile = "chaos.rules.yml";

    /// <summary>Name of the configuration of Alertmanager.</summary>
    public const string AlertmanagerFile = "alertmanager.yml";

    /// <summary>Writes both files; creates the folder if need be.</summary>
    /// <param name="owned">The alerts and who is on call.</param>
    /// <param name="owners">Who is on call in each team at the time that the files are for; nobody may be missing.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="compress">What every duration of rules and routes is divided by; 1 leaves them as they are.</param>
    /// <returns>The paths written.</returns>
    public static IReadOnlyList<string> Write(OwnedAlerts owned, IReadOnlyList<Owner> owners, string folder, double compress = 1)
    {
        Directory.CreateDirectory(folder);
        return [Write(RulesFile, PrometheusRules.Text(owned.Alerts, compress)), Write(AlertmanagerFile, AlertmanagerConfig.Text(owned.OnCall, owners, compress))];

        string Write(string name, string text)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, text);
            return path;
        }
    }
}
