using Chaos.Load.Feeds;

namespace Chaos.Load.Fleets;

/// <summary>Names and places of clients and publishers, which follow from the specification alone.</summary>
public static class FleetNames
{
    /// <summary>Name of client <paramref name="index"/>, from 0: <c>c-0001</c> onwards.</summary>
    public static string Client(int index) => $"c-{index + 1:0000}";

    /// <summary>Name of the backstage publisher of channel <paramref name="index"/>, from 0: <c>feed-0001</c> onwards.</summary>
    public static string Feed(int index) => $"feed-{index + 1:0000}";

    /// <summary>Channel of client <paramref name="index"/>.</summary>
    public static string ChannelOf(this FleetSpec spec, int index) => spec.Channels[index % spec.Channels.Count];

    /// <summary>Home of client <paramref name="index"/>.</summary>
    public static FleetHome HomeOf(this FleetSpec spec, int index)
    {
        foreach (var home in spec.Homes)
        {
            if (index < home.Count) return home;
            index -= home.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(index), index, "There is no client of that number.");
    }

    /// <summary>What client <paramref name="index"/> subscribes to: its channel, or nothing where there are none.</summary>
    public static IReadOnlyList<string> ChannelsOf(this FleetSpec spec, int index) => spec.Channels.Count == 0 ? [] : [spec.ChannelOf(index)];

    /// <summary>An address with the client's name in it, by which the proxy labels its connections.</summary>
    public static Uri For(this Uri url, string client)
    {
        var name = $"client={Uri.EscapeDataString(client)}";
        return new UriBuilder(url) { Query = url.Query.Length > 1 ? $"{url.Query[1..]}&{name}" : name }.Uri;
    }

    /// <summary>True for channels that need a subscription token: <c>tenant:private-…</c>.</summary>
    public static bool NeedsToken(string channel) => channel[(channel.IndexOf(':', StringComparison.Ordinal) + 1)..].StartsWith("private-", StringComparison.Ordinal);

    internal static IReadOnlyList<string> ClientNames(this FleetSpec spec) => [.. Enumerable.Range(0, spec.Count).Select(Client)];

    internal static IReadOnlyList<FeedLine> FeedLines(this FleetSpec spec) => spec.Feed switch
    {
        null => [],
        { Backstage: true } => [.. spec.Channels.Select((channel, index) => new FeedLine(Feed(index), channel))],
        _ => [.. Enumerable.Range(0, spec.Count).Select(index => new FeedLine(Client(index), spec.ChannelOf(index)))],
    };

    internal static IReadOnlyList<string> BackstageNames(this FleetSpec spec) =>
        spec.Feed is { Backstage: true } ? [.. spec.Channels.Select((_, index) => Feed(index))] : [];
}
