using Chaos.Experiments.Checks.Backoff;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>Do clients stay away after a close code that says so?</summary>
internal sealed class StopsOnTerminalCheck() : Check("stops_on_terminal",
    "A client that is closed with a terminal code (3500–3999, 4500–4999, 1009) makes no further attempt.",
    "count of clients that came back, as the proxy saw it", MinClients)
{
    private static readonly NumberOption MinClients = new("min_clients", "Fewest clients that must have got a terminal code.", 1, 1, 9000, Whole: true);

    /// <inheritdoc />
    public override bool IsTimed => false;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var end = Fleets.EndUs(context.Events);
        var backoff = DeclaredBackoff.Of(context.Definition.Fleet);
        var told = 0;
        var returned = new List<string>();
        foreach (var client in Wire.Of(context.Events, context.Definition.Fleet.Link).Clients)
        {
            var final = client.Closed.Values.Where(c => IsTerminal(c.Code) && context.Window.Contains(c.At)).MinBy(c => c.At);

            // Someone who would come back must have had the time to: twice the longest first backoff.
            if (final is null || end - final.At < 2000 * backoff.UpperMs(0)) continue;
            told++;
            if (client.NextAfter(final.Conn) is not null) returned.Add(client.Client);
        }

        if (told < MinClients.Of(context)) return Finding.Inconclusive($"{told} clients got a terminal code with enough time left to come back, {MinClients.Of(context)} are needed");
        return Finding.ByMeasures($"{returned.Count} of {told} clients came back after a terminal close code{(returned.Count > 0 ? $", the first was {returned[0]}" : "")}",
            [new Measure("came back", returned.Count, 0, "", told, returned.Count == 0, "=", High: Statistics.Proportions.UpperBound(returned.Count, told) * told)]);
    }

    /// <summary>Centrifugo's ranges, and 1009 (message too big).</summary>
    internal static bool IsTerminal(int? code) => code is 1009 or (>= 3500 and <= 3999) or (>= 4500 and <= 4999);
}
