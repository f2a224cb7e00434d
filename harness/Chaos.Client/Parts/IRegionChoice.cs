using Chaos.Client.Policies;

namespace Chaos.Client.Parts;

/// <summary>Which region a client connects to, where it knows several.</summary>
public interface IRegionChoice
{
    /// <summary>The place of the next attempt, as an index into what the client knows: 0 is the nearest.</summary>
    /// <param name="place">Place of the attempts so far.</param>
    /// <param name="failures">Attempts in a row that failed there, 1 or more.</param>
    /// <param name="places">How many there are, 1 or more.</param>
    /// <param name="policy">The declared policy.</param>
    int Next(int place, int failures, int places, ClientPolicy policy);

    /// <summary>How long a client that is connected away from the nearest region waits before it looks whether that can be reached again, in
    /// milliseconds; null to stay for good.</summary>
    /// <param name="policy">The declared policy.</param>
    /// <param name="random">The client's own stream.</param>
    double? ReturnMs(ClientPolicy policy, Random random);
}

/// <summary>
/// The nearest; after <see cref="ClientPolicy.MoveAfter"/> failures in a row the next, and after the last the nearest again. Back when the nearest
/// answers, looked at after a time that is uniform on [1, 2) × <see cref="ClientPolicy.ReturnAfterMs"/>: clients that left together return apart.
/// </summary>
public sealed class NearestThenNext : IRegionChoice
{
    /// <inheritdoc/>
    public int Next(int place, int failures, int places, ClientPolicy policy) => failures < policy.MoveAfter ? place : (place + 1) % places;

    /// <inheritdoc/>
    public double? ReturnMs(ClientPolicy policy, Random random) => policy.ReturnAfterMs * (1 + random.NextDouble());
}
