using Chaos.Experiments.Checks.Alerts;
using Chaos.Experiments.Checks.Backoff;
using Chaos.Experiments.Checks.Connections;
using Chaos.Experiments.Checks.Delivery;
using Chaos.Experiments.Checks.Dependencies;
using Chaos.Experiments.Checks.Gateways;
using Chaos.Experiments.Checks.Monitoring;
using Chaos.Experiments.Checks.Regions;
using Chaos.Experiments.Checks.Scripts;

namespace Chaos.Experiments.Checks;

/// <summary>Every check that an experiment may use.</summary>
public static class CheckCatalogue
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<ICheck> All { get; } =
    [
        new AlertCheck(),
        new AliveCheck(),
        new AmplificationCheck(),
        new AnswersCloseCheck(),
        new AnswersPingsCheck(),
        new BackoffCapCheck(),
        new BackoffGrowthCheck(),
        new BackoffJitterCheck(),
        new BackoffResetCheck(),
        new BreakerOpensCheck(),
        new BreakerProbesCheck(),
        new ConnectedCheck(),
        new EndsDeadConnectionsCheck(),
        new ErrorsCheck(),
        new FailoverCheck(),
        new FailsFastCheck(),
        new GaplessCheck(),
        new LatencyCheck(),
        new LivenessCheck(),
        new LossCheck(),
        new PagesNobodyCheck(),
        new ReconnectTimeCheck(),
        new RecoversCheck(),
        new ScriptCheck(),
        new AuditCheck(),
        new CountAgreesCheck(),
        new WireAgreesCheck(),
        new RoundTripAgreesCheck(),
        new IndicatorCheck(),
        new ArrivalsCheck(),
        new DrainCheck(),
        new ResumedCheck(),
        new StopsOnTerminalCheck(),
        new PartitionCheck(),
        new ConvergedCheck(),
        new UnmovedCheck(),
        new HomeCheck(),
    ];

    /// <summary>The check of a name, or null.</summary>
    public static ICheck? Find(string name) => All.FirstOrDefault(c => c.Name == name);
}
