using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Backoff;

/// <summary>
/// Does a client whose connections end soon after the connect reply keep its distance? One that counts from 0 again with each reply
/// but waits its first backoff connects at most once a base delay; one that asks for a stable time first connects ever more rarely.
/// </summary>
internal sealed class BackoffResetCheck() : Check("backoff_reset",
    "While connections end soon after the connect reply, clients connect at most once a base delay on average.",
    "mean of the connects of each client whose connections the fault ended; broken when its lower 99.9 % bound (Student's t) is above window / base delay", MinClients)
{
    internal static readonly NumberOption MinClients = new("min_clients", "Fewest clients that must have got through and been closed.", 50, 2, 9000, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var windowMs = (Math.Min(context.Window.ToUs, Fleets.EndUs(context.Events)) - context.Window.FromUs) / 1000.0;
        var policy = context.Definition.Fleet.Policy;
        var limit = windowMs / policy.BaseMs;
        var connects = new List<double>();
        foreach (var client in Wire.Of(context.Events, context.Definition.Fleet.Link).Clients)
        {
            if (!client.Closed.Values.Any(c => c.By == "fault" && context.Window.Contains(c.At))) continue;
            connects.Add(client.Handshakes.Count(h => h.Status == 101 && context.Window.Contains(h.At)));
        }

        if (connects.Count < MinClients.Of(context))
            return Finding.Inconclusive($"the fault closed connections of {connects.Count} clients, {MinClients.Of(context)} are needed");
        if (limit < 3) return Finding.Inconclusive($"the window of {windowMs:0} ms is shorter than three base delays: too short to tell a rule");
        var found = ResetRule.Judge(connects, limit);
        var mean = found.Mean;
        return Finding.ByMeasures(
            $"{connects.Count} clients connected {mean:0.0} times each in {windowMs:0} ms, the median {Moments.Median([.. connects]):0}; limit {limit:0.0}, once a base delay of {policy.BaseMs:0} ms",
            [new Measure("connects of a client", mean, limit, "", connects.Count, found.Ok, Low: found.Low)]);
    }
}
