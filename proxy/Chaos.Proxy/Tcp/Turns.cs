namespace Chaos.Proxy.Tcp;

/// <summary>
/// In which order upstreams of different weights take their turns: each exactly by its weight in every round, and spread
/// over the round, so that a light one does not get its share in a row. This is nginx's smooth weighted round-robin.
/// </summary>
internal static class Turns
{
    /// <summary>Largest weight.</summary>
    public const int MaxWeight = 1000;

    /// <summary>One round, as indices; empty where no weight is above zero.</summary>
    /// <param name="weights">0 to <see cref="MaxWeight"/>; one of weight zero gets no turn.</param>
    public static int[] Of(IReadOnlyList<int> weights)
    {
        var divisor = weights.Aggregate(0, GreatestCommonDivisor);
        if (divisor == 0) return [];
        var steps = weights.Select(weight => weight / divisor).ToArray();
        var credit = new int[steps.Length];
        var round = new int[steps.Sum()];
        for (var turn = 0; turn < round.Length; turn++)
        {
            var best = 0;
            for (var i = 0; i < steps.Length; i++)
            {
                credit[i] += steps[i];
                if (credit[i] > credit[best]) best = i;
            }

            credit[best] -= round.Length;
            round[turn] = best;
        }

        return round;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
