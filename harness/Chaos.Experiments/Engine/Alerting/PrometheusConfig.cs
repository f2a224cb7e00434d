using Chaos.Experiments.Alerts.Conditions;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Export;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Engine.Worlds;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>Configuration of the Prometheus that scrapes the nodes of a world.</summary>
internal static class PrometheusConfig
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "prometheus.yml";

    /// <summary>Name of the file of targets.</summary>
    public const string TargetsFile = "targets.json";

    /// <summary>
    /// Time between two scrapes: that of the journal's own readings, or between two evaluations where that is shorter. The shortest window has several of them
    /// at any compression that leaves it longer than that.
    /// </summary>
    public static TimeSpan Scrape(AlertsDefinition alerts, double compress) => new[] { ConditionOptions.Compressed(alerts.Interval, compress), MetricsSampler.Interval }.Min();

    /// <summary>The file's text.</summary>
    /// <param name="alerts">The alerts.</param>
    /// <param name="compress">What every duration is divided by.</param>
    /// <param name="alertmanager">host:port of the Alertmanager.</param>
    /// <param name="withRules">False until the nodes have been scraped: before that each of them would be missing.</param>
    public static string Text(AlertsDefinition alerts, double compress, string alertmanager, bool withRules)
    {
        var scrape = Expression.Duration(Scrape(alerts, compress));
        return YamlText.Of(new
        {
            global = new { scrape_interval = scrape, scrape_timeout = scrape, evaluation_interval = Expression.Duration(ConditionOptions.Compressed(alerts.Interval, compress)) },
            rule_files = withRules ? new[] { AlertExport.RulesFile } : [],
            alerting = new { alertmanagers = new[] { new { static_configs = new[] { new { targets = new[] { alertmanager } } } } } },
            scrape_configs = new[] { new { job_name = alerts.Job, file_sd_configs = new[] { new { files = new[] { TargetsFile } } } } },
        });
    }
}
