using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Sensitivity;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Dependencies;

/// <summary>Does a gateway leave a failing dependency alone instead of multiplying its load?</summary>
internal sealed class AmplificationCheck() : Check("amplification",
    "Attempts that leave for a dependency stay within a small multiple of the operations asked for, also while it fails.",
    "retry amplification: (attempts that left − allowance) / operations that the breaker let through, from counters summed over all gateway nodes", Dependency, Max, Allowance, MinRequests), ISensitive
{
    private static readonly TextOption Dependency = new("dependency", "Name of the dependency.", "redis");
    internal static readonly NumberOption Max = new("max", "Largest amplification: 1.1 under a retry budget of a tenth, 3 for three attempts.", 1.1, 0.1, 100);
    internal static readonly NumberOption Allowance = new("allowance", "Attempts that a retry budget lets through whatever the load.", 20, 0, 1e6, Whole: true);
    internal static readonly NumberOption MinRequests = new("min_requests", "Fewest operations in the window.", 200, 1, 1e9, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var dependency = Dependency.Of(context);
        if (Count(context) is not var (asked, refused, left)) return Finding.Inconclusive($"no gateway reported its requests to {dependency} in the window");
        if (asked < MinRequests.Of(context)) return Finding.Inconclusive($"{asked:0} operations asked for {dependency}, {MinRequests.Of(context)} are needed");
        var max = Max.Of(context);
        var (through, value, ok) = AmplificationRule.Judge(asked, refused, left, Allowance.Of(context), max);
        return Finding.ByMeasures(
            $"{left:0} attempts left for {through:0} operations that the breaker let through to {dependency} ({asked:0} were asked for): amplification {value:0.00} beyond an allowance of {Allowance.Of(context):0} attempts, limit {max:0.##}",
            [new Measure("amplification", value, max, "×", (long)through, ok)]);
    }

    /// <inheritdoc />
    public IReadOnlyList<Defect> Defects(CheckContext context)
    {
        if (Count(context) is not var (asked, refused, _) || asked < MinRequests.Of(context)) return [];
        double max = Max.Of(context), allowance = Allowance.Of(context);
        var through = (int)Math.Max(1, asked - refused);
        // What the allowance hides is spread over the operations: with few of them it hides much.
        var hidden = Math.Max(0, max - 1) + allowance / through;
        double[] parts = [0, 0.5, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2];
        // One operation may be tried again more than once, so retries are counted one by one.
        return [new("attempts repeated without a retry budget", "retries for each operation", through, [.. parts.Select(x => Math.Round(x * hidden, 4))],
            (random, size) => !AmplificationRule.Judge(asked, refused, through + Draws.Poisson(random, size * through), allowance, max).Ok)];
    }

    private static (double Asked, double Refused, double Left)? Count(CheckContext context)
    {
        var dependency = Dependency.Of(context);
        var metrics = Metrics.Of(context.Events);
        var requests = metrics.Growth("chaos_dependency_requests_total", context.Window, ("dependency", dependency));
        var attempts = metrics.Growth("chaos_dependency_attempts_total", context.Window, ("dependency", dependency));
        if (requests is not { } asked || attempts is not { } left) return null;
        var refused = metrics.Growth("chaos_dependency_rejected_total", context.Window, ("dependency", dependency), ("reason", "breaker")) ?? 0;
        return (asked, refused, left);
    }
}
