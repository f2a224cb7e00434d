using Chaos.Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways that work and report something else.</summary>
internal static class BrokenMetrics
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Metrics<AttemptsAsSuccesses>("gateway.attempts-as-successes", "Counts every attempt to connect as a connection."),
        Metrics<RefusalsUncounted>("gateway.refusals-uncounted", "Does not count the connections that it turned away."),
        Metrics<NeverLeaves>("gateway.connections-leak-in-metric", "Forgets to take connections that were cut off its count."),
        Metrics<ResumesAsNew>("gateway.resumes-uncounted", "Does not count the sessions that came back."),
        Metrics<OneEndpoint>("gateway.errors-of-one-endpoint", "Reports every error under one endpoint."),
        Metrics<HalfTheWay>("gateway.rtt-halved", "Reports half a round trip as a whole one."),
        Metrics<Survivors>("gateway.rtt-of-the-fast", "Leaves slow round trips out, as outliers."),
        new("gateway.dependency-time-unreported", "Reports how often it asked Redis, and never how long that took.",
            services => services.Replace(ServiceDescriptor.Singleton<DependencyMetrics, NoTime>())),
    ];

    private static GatewayMutant Metrics<T>(string name, string summary)
        where T : GatewayMetrics => new(name, summary, services => services.Replace(ServiceDescriptor.Singleton<GatewayMetrics, T>()));

    private sealed class AttemptsAsSuccesses(GatewayMeterName name) : GatewayMetrics(name)
    {
        public override void Connection(string outcome) => base.Connection("connected");
    }

    private sealed class RefusalsUncounted(GatewayMeterName name) : GatewayMetrics(name)
    {
        public override void Connection(string outcome)
        {
            if (!outcome.StartsWith("refused", StringComparison.Ordinal)) base.Connection(outcome);
        }
    }

    private sealed class NeverLeaves(GatewayMeterName name) : GatewayMetrics(name)
    {
        public override void Connected(long delta) => base.Connected(Math.Max(0, delta));
    }

    private sealed class ResumesAsNew(GatewayMeterName name) : GatewayMetrics(name)
    {
        public override void Resume(string outcome)
        {
            if (outcome != "resumed") base.Resume(outcome);
        }
    }

    private sealed class OneEndpoint(GatewayMeterName name) : GatewayMetrics(name)
    {
        public override void Error(string endpoint, int code) => base.Error("websocket", code);
    }

    private sealed class NoTime(GatewayMetrics metrics) : DependencyMetrics(metrics)
    {
        public override void Request(string dependency, string outcome, TimeSpan duration) => base.Request(dependency, outcome, TimeSpan.Zero);
    }

    private sealed class HalfTheWay(GatewayMeterName name) : GatewayMetrics(name)
    {
        public override void RoundTrip(TimeSpan time) => base.RoundTrip(time / 2);
    }

    private sealed class Survivors(GatewayMeterName name) : GatewayMetrics(name)
    {
        private static readonly TimeSpan Outlier = TimeSpan.FromMilliseconds(150);

        public override void RoundTrip(TimeSpan time)
        {
            if (time < Outlier) base.RoundTrip(time);
        }
    }
}
