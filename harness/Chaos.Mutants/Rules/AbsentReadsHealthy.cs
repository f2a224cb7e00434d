using System.Text.Json.Nodes;

namespace Chaos.Mutants.Rules;

/// <summary>
/// Alerts on nodes that do not answer look at what nodes report, for a breaker that is not closed. A node that reports nothing has none, and that
/// reads as healthy.
/// </summary>
internal static class AbsentReadsHealthy
{
    internal static AlertMutant Mutant { get; } = new("alerts.absent-reads-healthy", "A node without data is taken for a healthy one.", owned =>
        owned with
        {
            Alerts = owned.Alerts with
            {
                Alerts = [.. owned.Alerts.Alerts.Select(a => a.Condition != "unreachable" ? a
                    : a with { Condition = "gauge", Options = new JsonObject { ["of"] = "chaos_breaker_state", ["above"] = 0, ["per"] = new JsonArray("instance") } })],
            },
        });
}
