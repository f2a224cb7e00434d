namespace Chaos.Client.Parts;

/// <summary>What to do with the session resume token.</summary>
public interface IResume
{
    /// <summary>The token to offer in the next connect, or null for a new session.</summary>
    /// <param name="latest">The token of the latest connect reply that carried one.</param>
    string? Offer(string? latest);
}

/// <summary>Offers the latest token. It is single use: if it was spent by an attempt whose reply got lost, the gateway refuses it and starts
/// a clean session, and positions still recover what was missed.</summary>
public sealed class OfferResumeToken : IResume
{
    /// <inheritdoc/>
    public string? Offer(string? latest) => latest;
}
