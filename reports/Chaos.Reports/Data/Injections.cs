using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>What a fault was set to do beside what the proxy saw happen, for one kind of action; milliseconds.</summary>
/// <param name="ErrorP50Ms">Median of observed minus configured.</param>
/// <param name="ErrorP99Ms">Its 99th percentile.</param>
internal sealed record InjectionRow(string Fault, string Action, long Items, double ConfiguredP50Ms, double ObservedP50Ms, double ConfiguredP99Ms,
    double ObservedP99Ms, double ErrorP50Ms, double ErrorP99Ms)
{
    public static IReadOnlyList<InjectionRow> From(ExperimentData experiment)
    {
        var known = experiment.Timeline.FaultNames.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. experiment.Events.OfType<LedgerInjected>().GroupBy(e => (Fault: FaultNames.Entry(e.Fault, known), e.Action))
                .OrderBy(g => g.Key.Fault, StringComparer.Ordinal).ThenBy(g => g.Key.Action, StringComparer.Ordinal)
                .Select(g =>
                {
                    var configured = Sorted(g, e => e.ConfiguredUs);
                    var observed = Sorted(g, e => e.ObservedUs);
                    var error = Sorted(g, e => e.ObservedUs - e.ConfiguredUs);
                    return new InjectionRow(g.Key.Fault, g.Key.Action, g.LongCount(), Percentiles.Of(configured, .5), Percentiles.Of(observed, .5),
                        Percentiles.Of(configured, .99), Percentiles.Of(observed, .99), Percentiles.Of(error, .5), Percentiles.Of(error, .99));
                }),
        ];
    }

    private static List<double> Sorted(IEnumerable<LedgerInjected> items, Func<LedgerInjected, long> us)
    {
        var values = items.Select(e => us(e) / 1e3).ToList();
        values.Sort();
        return values;
    }
}
