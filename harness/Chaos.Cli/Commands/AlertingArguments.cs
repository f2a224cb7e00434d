using System.CommandLine;
using Chaos.Cli.Hosting;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Alerting;

namespace Chaos.Cli.Commands;

/// <summary>The option that says who evaluates and delivers alerts.</summary>
internal sealed class AlertingArguments
{
    private const string Embedded = "embedded", Prometheus = "prometheus";

    private readonly Option<string> _alerts = new("--alerts")
    {
        Description = "Who evaluates and delivers alerts: embedded, over the journal's readings; or a real prometheus with an Alertmanager, started beside the world.",
        HelpName = $"{Embedded}|{Prometheus}", DefaultValueFactory = _ => Embedded,
    };

    public void AddTo(Command command)
    {
        _alerts.AcceptOnlyFromAmong(Embedded, Prometheus);
        command.Options.Add(_alerts);
    }

    /// <summary>As they repeat the run.</summary>
    public IEnumerable<string> Words(ParseResult parsed) => IsReal(parsed) ? ["--alerts", Prometheus] : [];

    /// <summary>The programs, or null where they are not asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="experiments">The chosen experiments.</param>
    /// <exception cref="UsageException">They are not installed, no experiment judges alerts, or one asks for what they cannot do.</exception>
    public AlertingPrograms? Programs(ParseResult parsed, IReadOnlyList<ExperimentDefinition> experiments)
    {
        if (!IsReal(parsed)) return null;
        var plans = experiments.Select(e => (e.Id, Plan: AlertingPlan.Of(e))).ToList();
        if (plans.FirstOrDefault(p => p.Plan.Problem is not null) is { Id: not null } problem) throw new UsageException($"--alerts {Prometheus}: {problem.Id} cannot be run so: {problem.Plan.Problem}.");
        if (plans.All(p => p.Plan.Plan is null)) throw new UsageException($"--alerts {Prometheus}: no chosen experiment judges alerts. Those that do are in experiments/alerts.");
        var (found, missing) = AlertingPrograms.Find();
        return found ?? throw new UsageException($"--alerts {Prometheus}: there is no {missing} on PATH. Install them (Debian: apt-get install prometheus prometheus-alertmanager), or leave the option out: alerts are evaluated over the journal then.");
    }

    private bool IsReal(ParseResult parsed) => parsed.GetValue(_alerts) == Prometheus;
}
