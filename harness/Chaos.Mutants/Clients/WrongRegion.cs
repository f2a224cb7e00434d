using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>Clients that know several regions and choose badly among them.</summary>
internal static class WrongRegion
{
    internal static IReadOnlyList<ClientMutant> All { get; } =
    [
        Of("client.never-moves", "Knows other regions and goes on trying the one that is gone.", new NeverMoves()),
        Of("client.never-returns", "Stays in the region it fled to, long after its own is back.", new NeverReturns()),
        Of("client.returns-together", "Looks for its own region on the full ten seconds of the clock, so all clients go back at once.", new ReturnsTogether()),
    ];

    private static ClientMutant Of(string name, string summary, IRegionChoice choice) => new(name, summary, parts => parts with { RegionChoice = choice });

    private class Reference : IRegionChoice
    {
        private readonly NearestThenNext _reference = new();

        public virtual int Next(int place, int failures, int places, ClientPolicy policy) => _reference.Next(place, failures, places, policy);

        public virtual double? ReturnMs(ClientPolicy policy, Random random) => _reference.ReturnMs(policy, random);
    }

    private sealed class NeverMoves : Reference
    {
        public override int Next(int place, int failures, int places, ClientPolicy policy) => place;
    }

    private sealed class NeverReturns : Reference
    {
        public override double? ReturnMs(ClientPolicy policy, Random random) => null;
    }

    private sealed class ReturnsTogether : Reference
    {
        public override double? ReturnMs(ClientPolicy policy, Random random)
        {
            // As a cron job does it: at full multiples of the interval, the same for everybody.
            var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            return policy.ReturnAfterMs - (nowMs % policy.ReturnAfterMs);
        }
    }
}
