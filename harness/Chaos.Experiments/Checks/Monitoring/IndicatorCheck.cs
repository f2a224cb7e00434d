using System.Globalization;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>
/// Does what an operator looks at show the cause, in time, and nothing else? Where it is to be <c>above</c> the limit, it must rise beyond
/// it within <c>within_ms</c> of the window's start; where it is to be <c>below</c>, it must not rise beyond it in the whole window: that
/// cause is not there.
/// </summary>
internal sealed class IndicatorCheck() : Check("indicator", "An indicator of the gateway's own metrics shows a cause in time, or rules it out.",
    "indicator at each reading, over two seconds where it is a rate: the largest, and the time until it crosses", Which, Is, Limit, WithinMs, Node, Dependency)
{
    private static readonly TextOption Which = new("indicator", "What is looked at.", Choices: [.. Indicators.All.Select(i => i.Name)], IsRequired: true);
    private static readonly TextOption Is = new("is", "Where it must be.", Choices: ["above", "below"], IsRequired: true);
    private static readonly NumberOption Limit = new("limit", "The limit, in the unit that the indicator's name ends with.", null, 0, 1e9, IsRequired: true);
    private static readonly NumberOption WithinMs = new("within_ms", "Time in which it must rise, from the start of the window.", 5000, 500, 600_000);

    private static readonly TextOption Node = new("node", "The node that is looked at, such as eu.gateway-2, or the release on it that a fault named v2 puts there, eu.gateway-2-v2; all together by default.");

    private static readonly TextOption Dependency = new("dependency", "The dependency that is looked at, where the indicator is about one.", "redis");

    /// <summary>Fewest readings that can show that something is not there.</summary>
    private const int MinReadings = 3;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var indicator = Indicators.All.First(i => i.Name == Which.Of(context));
        return Is.Of(context) == "above" ? Rises(context, indicator, Limit.Of(context)) : Stays(context, indicator, Limit.Of(context));
    }

    private static IEnumerable<MetricsSampled> Events(CheckContext context) =>
        Indicators.About(context.Events.OfType<MetricsSampled>(), Node.OrNull(context), Dependency.Of(context));

    private static Finding Rises(CheckContext context, Indicator indicator, double above)
    {
        // A span that began before the window may show the first of it: time to detect counts from the window's start.
        var readings = indicator.Readings(Events(context), context.Window.FromUs - Indicators.SpanUs, context.Window.ToUs).ToList();
        if (readings.Count == 0) return Finding.Inconclusive($"the gateway reported nothing for {indicator.Name} in the window");
        var limit = WithinMs.Of(context);
        var crossed = readings.Where(r => r.Value > above).Select(r => (double?)((r.AtUs - context.Window.FromUs) / 1000.0)).FirstOrDefault();
        var highest = readings.Max(r => r.Value);
        return Finding.ByMeasures(
            crossed is { } ms
                ? string.Create(CultureInfo.InvariantCulture, $"{indicator.Name} rose above {above:0.##} {indicator.Unit} after {ms:0} ms, limit {limit:0} ms; at most it was {highest:0.#} {indicator.Unit}")
                : string.Create(CultureInfo.InvariantCulture, $"{indicator.Name} never rose above {above:0.##} {indicator.Unit}; at most it was {highest:0.#} {indicator.Unit}"),
            [new Measure("time to detect", crossed ?? Unbounded, limit, "ms", readings.Count, crossed <= limit)]);
    }

    private static Finding Stays(CheckContext context, Indicator indicator, double below)
    {
        var readings = indicator.Readings(Events(context), context.Window.FromUs, context.Window.ToUs).ToList();
        if (readings.Count < MinReadings) return Finding.Inconclusive($"{indicator.Name} was read {readings.Count} times in the window, {MinReadings} are needed: lengthen it");
        var highest = readings.Max(r => r.Value);
        return Finding.ByMeasures(
            string.Create(CultureInfo.InvariantCulture, $"{indicator.Name} was at most {highest:0.##} {indicator.Unit} in {readings.Count} readings, limit {below:0.##} {indicator.Unit}"),
            [new Measure(indicator.Name, highest, below, indicator.Unit, readings.Count, highest <= below)]);
    }
}
