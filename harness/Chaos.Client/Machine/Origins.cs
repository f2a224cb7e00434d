using System.Globalization;
using System.Text.Json;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>
/// Where publications come from, where the gateway has several regions: their tags <c>origin</c> and <c>seq</c>, and in a subscribe reply
/// <c>data.seen</c>, the newest number of each origin. Numbers of one origin rise in every region, so they tell what was seen elsewhere.
/// </summary>
internal static class Origins
{
    /// <summary>Takes a publication into account.</summary>
    /// <returns>False when it was seen before.</returns>
    public static bool IsNew(Subscription subscription, JsonElement publication)
    {
        if (publication.Member("tags"u8) is not { } tags || tags.Text("origin"u8) is not { } origin
            || !long.TryParse(tags.Text("seq"u8), NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
            return true;
        var seen = subscription.Seen ??= new Dictionary<string, long>(StringComparer.Ordinal);
        if (seen.GetValueOrDefault(origin) >= seq)
            return false;
        seen[origin] = seq;
        return true;
    }

    /// <summary>Takes a subscribe reply into account. This region may know less of an origin than was seen in another, so numbers only rise.</summary>
    public static void Learn(Subscription subscription, JsonElement reply)
    {
        if (reply.Member("data"u8) is not { } data || data.Member("seen"u8) is not { ValueKind: JsonValueKind.Object } newest)
            return;
        var seen = subscription.Seen ??= new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var member in newest.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var seq))
                seen[member.Name] = Math.Max(seq, seen.GetValueOrDefault(member.Name));
        }
    }
}
