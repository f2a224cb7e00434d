namespace Chaos.Experiments.Engine.Worlds;

/// <summary>How the new connections of a region's clients are shared out: among its nodes, and to where steering sends them.</summary>
internal static class Shares
{
    /// <summary>Largest weight that the proxy takes.</summary>
    private const double MaxWeight = 1000;

    /// <summary>As the proxy takes them: <c>host:port*weight</c>, separated by commas.</summary>
    /// <param name="nodes">The region's nodes with their turns.</param>
    /// <param name="away">Where clients are sent instead, each with its share of all, 0 to 1.</param>
    public static string Upstream(IReadOnlyList<(string Address, int Weight)> nodes, IReadOnlyList<(string Address, double Share)> away)
    {
        var total = nodes.Sum(n => n.Weight);
        var sent = Math.Min(1, away.Sum(a => a.Share));
        // As they are, where nobody is sent away; otherwise what is sent away has turns too, and none may have too many.
        var scale = away.Count == 0 ? 1 : Math.Min(1, MaxWeight / Math.Max(total, 1));
        var own = nodes.Select(n => (n.Address, Weight: n.Weight * (1 - sent) * scale));
        var others = away.Select(a => (a.Address, Weight: total * a.Share / Math.Max(1, away.Sum(x => x.Share)) * scale));
        return string.Join(',', own.Concat(others).Select(t => FormattableString.Invariant($"{t.Address}*{Math.Round(t.Weight):0}")));
    }
}
