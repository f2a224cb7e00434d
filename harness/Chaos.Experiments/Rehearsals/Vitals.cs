using System.Globalization;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Rehearsals;

/// <summary>How the fleet is, over the last few seconds.</summary>
/// <param name="P50Ms">Median of publish to delivered; null when nothing was delivered.</param>
/// <param name="P95Ms">Its 95th percentile.</param>
/// <param name="P99Ms">Its 99th percentile.</param>
/// <param name="DeliveredShare">Deliveries, as a share of what the feed comes to.</param>
/// <param name="ErrorShare">Share of publishes that were refused, 0 to 1.</param>
/// <param name="ConnectedShare">Share of clients that are connected, 0 to 1.</param>
public sealed record Vitals(double? P50Ms, double? P95Ms, double? P99Ms, double DeliveredShare, double ErrorShare, double ConnectedShare)
{
    /// <summary>Below this share of what is due, messages are stuck, however fast those are that come through.</summary>
    public const double LeastDelivered = 0.5;

    /// <summary>The bounds that are not met, each in words.</summary>
    public IReadOnlyList<string> Broken(StabilityDefinition stable)
    {
        var limits = stable.Budget.Limits;
        var broken = new List<string>();
        Beyond("p50", P50Ms, BudgetKeys.P50);
        Beyond("p95", P95Ms, BudgetKeys.P95);
        Beyond("p99", P99Ms, BudgetKeys.P99);
        if (DeliveredShare < LeastDelivered) broken.Add(Text($"{DeliveredShare:0 %} of the messages arrive, at least {LeastDelivered:0 %} must"));
        if (ErrorShare > stable.ErrorShare) broken.Add(Text($"{ErrorShare:0 %} of publishes are refused, {stable.ErrorShare:0 %} may be"));
        if (ConnectedShare < stable.ConnectedShare) broken.Add(Text($"{ConnectedShare:0 %} of clients are connected, {stable.ConnectedShare:0 %} must be"));
        return broken;

        void Beyond(string name, double? value, string key)
        {
            if (value is { } ms && limits.TryGetValue(key, out var limit) && ms > limit) broken.Add(Text($"{name} {ms:0.#} ms, budget {limit:0.#} ms"));
        }
    }

    /// <summary>As the journal has them.</summary>
    internal RehearsalVitals Entry(long at, IReadOnlyList<string> broken) => new(P50Ms, P95Ms, P99Ms, ErrorShare, ConnectedShare, broken) { At = at };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
