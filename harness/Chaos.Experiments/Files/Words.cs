namespace Chaos.Experiments.Files;

/// <summary>The voice of error messages: suggestions and lists.</summary>
internal static class Words
{
    private const int ListLimit = 16;

    /// <summary>The candidate that <paramref name="word"/> most likely meant, or null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        // A third of the letters may differ: "cuont" finds "count", "x" finds nothing.
        var limit = Math.Max(1, Math.Min(word.Length, 24) / 3);
        string? best = null;
        var bestDistance = limit + 1;
        foreach (var candidate in candidates.Order(StringComparer.Ordinal))
        {
            if (Math.Abs(candidate.Length - word.Length) >= bestDistance) continue;
            var distance = Distance(Normal(word), Normal(candidate));
            if (distance >= bestDistance || distance >= candidate.Length) continue;
            (best, bestDistance) = (candidate, distance);
        }

        if (best is not null || word.Length < 3) return best;
        // "disconnected" finds "disconnected_share", as long as it can mean nothing else.
        var longer = candidates.Where(c => c.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return longer.Count == 1 ? longer[0] : null;
    }

    /// <summary>A hint: the nearest candidate, else all of them.</summary>
    public static string Suggest(string word, IReadOnlyCollection<string> candidates, string listAs)
    {
        if (Nearest(word, candidates) is { } nearest) return $"Did you mean '{nearest}'?";
        return candidates.Count == 0 ? $"There are no {listAs} here." : $"Known {listAs}: {List(candidates)}.";
    }

    /// <summary>"a, b, c"; a long list is cut, and says so.</summary>
    public static string List(IReadOnlyCollection<string> items) =>
        items.Count <= ListLimit ? string.Join(", ", items) : $"{string.Join(", ", items.Take(ListLimit))} and {items.Count - ListLimit} more";

    /// <summary>"'a'", "'a' and 'b'", "'a', 'b' and 'c'".</summary>
    public static string Quoted(IReadOnlyList<string> items) => items.Count == 1
        ? $"'{items[0]}'"
        : string.Join(", ", items.Take(items.Count - 1).Select(i => $"'{i}'")) + $" and '{items[^1]}'";

    /// <summary>Text from a file made fit for a message: one line, no control characters, not long.</summary>
    public static string Shown(string text)
    {
        var shown = new string([.. text.Take(60).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '·' : c)]);
        return text.Length > 60 ? shown + "…" : shown;
    }

    private static string Normal(string word) => word.Replace('-', '_').ToLowerInvariant();

    // Optimal string alignment: Levenshtein's distance, with the swap of two neighbours counted as one.
    private static int Distance(string a, string b)
    {
        if (a.Length > 64) return int.MaxValue;
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = Math.Min(best, table[i - 2, j - 2] + 1);
                table[i, j] = best;
            }
        }

        return table[a.Length, b.Length];
    }
}
