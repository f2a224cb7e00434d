using Chaos.Client.Policies;
using Chaos.Journal;
using Chaos.Load.Fleets;
using Chaos.Load.Tokens;

namespace Chaos.Client.Tests.Load;

/// <summary>Specifications of fleets that connect to nothing.</summary>
internal static class Specs
{
    public static readonly Uri Nowhere = new("ws://127.0.0.1:9/connection/websocket");

    public static FleetSpec Fleet(MemoryJournal journal, int count = 1, TimeProvider? time = null, FeedSpec? feed = null)
    {
        var clock = new Clock(time);
        return new FleetSpec
        {
            Experiment = "x", Count = count, Channels = ["acme:ch-001"], Homes = [new FleetHome(count, [Nowhere], Nowhere)], Policy = new ClientPolicy(), Feed = feed,
            Tokens = new TokenIssuer(new byte[32], "issuer", "audience", clock.Time), Seed = 1, Journal = journal, Clock = clock,
        };
    }
}
