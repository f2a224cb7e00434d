using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Elapsed time as the difference of two times of day: a clock that is set back stops every deadline for as long as it was set back.</summary>
internal static class HeartbeatByWallClock
{
    internal static GatewayMutant Mutant { get; } = new("gateway.heartbeat-by-wall-clock", "Reckons when its pings are due by the time of day.",
        services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new ByTimeOfDay((TimeProvider)services.Last(s => s.ServiceType == typeof(TimeProvider)).ImplementationInstance!))));

    private sealed class ByTimeOfDay(TimeProvider reference) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => reference.GetUtcNow();

        public override long GetTimestamp() => reference.GetUtcNow().UtcTicks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => reference.CreateTimer(callback, state, dueTime, period);
    }
}
