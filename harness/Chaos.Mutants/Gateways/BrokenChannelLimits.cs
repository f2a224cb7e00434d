using Chaos.Gateway.Channels;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways whose temporary limits are none, hit everybody, or stay.</summary>
internal static class BrokenChannelLimits
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Limits("gateway.hot-limit-ignored", "Acknowledges an operator's limit and does not apply it.", _ => null, channel => channel),
        Limits("gateway.hot-limit-for-all", "Applies the limit of a hot channel to every channel.", limit => limit with { Channel = "" }, _ => ""),
        Limits("gateway.hot-limit-forever", "Forgets to lift a limit when its time is over.", limit => limit with { Until = DateTimeOffset.MaxValue }, channel => channel),
    ];

    private static GatewayMutant Limits(string name, string summary, Func<ChannelLimit, ChannelLimit?> set, Func<string, string> key) =>
        new(name, summary, services => services.Wrap<IChannelLimits, ChannelLimits>(reference => new Changed(reference, set, key)));

    private sealed class Changed(IChannelLimits reference, Func<ChannelLimit, ChannelLimit?> set, Func<string, string> key) : IChannelLimits
    {
        public void Set(ChannelLimit limit)
        {
            if (set(limit) is { } changed) reference.Set(changed);
        }

        public bool TryTake(string channel) => reference.TryTake(key(channel));
    }
}
