using System.Text.Json;
using Chaos.Client.Parts;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>Moves a subscription's position and hands publications to the application: each offset of an epoch once and in order.</summary>
internal sealed class Delivery(Surroundings around)
{
    /// <summary>Takes a subscribe reply: tells whether recovery held, delivers what was replayed, and goes on from the stream's top.</summary>
    public void Subscribed(Subscription subscription, JsonElement? result)
    {
        var reply = result.GetValueOrDefault();
        var epoch = reply.Text("epoch"u8);
        var top = reply.Whole("offset"u8);
        var wasRecovering = subscription.Recovering || subscription.PositionLost;
        var recovered = subscription.Recovering && reply.Flag("recovered"u8);
        var moved = recovered && subscription.Epoch != epoch;
        subscription.Recovering = subscription.PositionLost = false;
        if (!recovered && subscription.Epoch != epoch)
            subscription.Offset = 0;
        subscription.Epoch = epoch;
        around.Observer.Subscribed(subscription.Channel, wasRecovering, recovered, epoch, top);

        var replayed = wasRecovering && reply.Member("publications"u8) is { ValueKind: JsonValueKind.Array } publications ? publications : default;
        if (moved)
            Moved(subscription, replayed, top);
        else
            Replay(subscription, replayed, recovered, top);
        Origins.Learn(subscription, reply);
    }

    /// <summary>The stream is that of another region, with offsets of its own: what was missed was found by origins.</summary>
    private void Moved(Subscription subscription, JsonElement replayed, long top)
    {
        foreach (var publication in replayed.ValueKind == JsonValueKind.Array ? replayed.EnumerateArray() : default)
        {
            if (Origins.IsNew(subscription, publication))
                Deliver(subscription, publication, publication.Whole("offset"u8));
        }

        subscription.Offset = top;
    }

    private void Replay(Subscription subscription, JsonElement replayed, bool recovered, long top)
    {
        var last = subscription.Offset;
        foreach (var publication in replayed.ValueKind == JsonValueKind.Array ? replayed.EnumerateArray() : default)
        {
            var offset = publication.Whole("offset"u8);
            if (recovered && offset > last + 1)
                Hole(subscription, last, offset);
            last = Math.Max(last, offset);
            Replayed(subscription, publication, offset);
        }

        if (!recovered)
        {
            subscription.Offset = top;
        }
        else if (top > last)
        {
            Hole(subscription, last, top + 1);
            subscription.Offset = around.Parts.Recovery.Advance(subscription.Offset, top, replay: true);
        }
    }

    /// <summary>Takes a live publication.</summary>
    /// <returns>False when something before it is missing; it was not delivered then.</returns>
    public bool Live(Subscription subscription, JsonElement publication)
    {
        var offset = publication.Whole("offset"u8);
        if (subscription.Epoch is null || offset <= 0)
        {
            Deliver(subscription, publication, offset);
            return true;
        }

        switch (around.Parts.Deduplicator.Classify(subscription.Offset, offset))
        {
            case PublicationKind.Duplicate:
                return true;
            case PublicationKind.Gap:
                around.Observer.Error(null, $"gap in {subscription.Channel}: offset {offset} after {subscription.Offset}");
                return false;
            default:
                // What came late from another region may have been seen there.
                if (Origins.IsNew(subscription, publication))
                    Deliver(subscription, publication, offset);
                subscription.Offset = around.Parts.Recovery.Advance(subscription.Offset, offset, replay: false);
                return true;
        }
    }

    private void Replayed(Subscription subscription, JsonElement publication, long offset)
    {
        if (offset <= 0)
        {
            Deliver(subscription, publication, offset);
        }
        else if (around.Parts.Deduplicator.Classify(subscription.Offset, offset) != PublicationKind.Duplicate)
        {
            if (Origins.IsNew(subscription, publication))
                Deliver(subscription, publication, offset);
            subscription.Offset = around.Parts.Recovery.Advance(subscription.Offset, offset, replay: true);
        }
    }

    /// <summary>Asking again would bring the same hole: what was promised and is missing is told, and the rest is delivered.</summary>
    private void Hole(Subscription subscription, long last, long next) =>
        around.Observer.Error(null, $"recovery of {subscription.Channel} promised everything but lacks offsets {last + 1} to {next - 1}");

    private void Deliver(Subscription subscription, JsonElement publication, long offset) =>
        around.Observer.Publication(subscription.Channel, publication.Member("data"u8).GetValueOrDefault(), offset);
}
