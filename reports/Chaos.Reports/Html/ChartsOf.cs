using System.Globalization;
using Chaos.Reports.Charts;
using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Html;

/// <summary>The charts of an experiment with what they say in words.</summary>
internal static class ChartsOf
{
    private const int MostAttempts = 9;

    public static Markup Delivery(ExperimentData experiment, Figures figures)
    {
        var series = DeliverySeries.From(experiment);
        return figures.Of("Delivery time, from due to delivered", DeliveryChart.Of(experiment, series),
            Words.Invariant($"{series.Messages:#,0} messages delivered; over the whole experiment p50 {Words.Number(series.P50Ms, "ms")}, p95 {Words.Number(series.P95Ms, "ms")}, p99 {Words.Number(series.P99Ms, "ms")}, slowest {Words.Number(series.MaxMs, "ms")}. Exact percentiles in bins of {Words.Number(series.Bins.WidthSeconds)} s, by the time the messages were due."),
            "No messages were delivered, so there are no delivery times to show.");
    }

    public static Markup Connections(ExperimentData experiment, Figures figures)
    {
        var series = ConnectionSeries.From(experiment);
        var empty = series is { TotalAttempts: 0, Clients: 0, TotalLosses: 0 };
        const string none = "No client of the fleet tried to connect, so there is nothing to show.";
        if (empty) return figures.Of("Connections", null, "", none);
        return Markup.Of($"""
            {figures.Of("Clients connected", ConnectionCharts.Connected(experiment, series),
                Stayed(series), none, 190)}
            {figures.Of("Attempts, connects and losses", ConnectionCharts.Events(experiment, series),
                Words.Invariant($"{Words.Count(series.TotalAttempts, "attempt")}, {Words.Count(series.TotalLosses, "lost connection")}, {Words.Count(series.Reconnects, "reconnect")}{(series.Reconnects > 0 ? Words.Invariant($", of which {series.Resumed:#,0} resumed a session") : "")}."), none, 190)}
            """);
    }

    private static string Stayed(ConnectionSeries series) => series switch
    {
        { Clients: 0 } => "No client was ever connected.",
        { TotalLosses: 0 } => $"{Words.Count(series.Clients, "client")} connected, and none was lost.",
        _ => Words.Invariant($"{Words.Count(series.Clients, "client")} connected; at the lowest after that, {(series.LeastAfterFull == 0 ? "none" : series.LeastAfterFull.ToString("#,0", CultureInfo.InvariantCulture))} still {(series.LeastAfterFull == 1 ? "was" : "were")}."),
    };

    public static Markup Backoff(ExperimentData experiment, Figures figures)
    {
        if (BackoffGaps.From(experiment) is not { } gaps) return Markup.Empty;
        const string heading = "Gaps between attempts, on the wire";
        if (gaps.Attempts.Count == 0)
            return Markup.Of($"""<div class="figure"><h4>{heading}</h4><p class="empty">No client that told its name tried again after a loss, so there are no gaps to show.</p></div>""");
        var shown = gaps.Attempts.Take(MostAttempts).ToList();
        var legend = Figures.Legend(BackoffChart.Of(shown[0], gaps.Declared));
        var declared = gaps.Declared is { } d
            ? $"Declared: uniform from 0 to the smaller of {Words.Number(d.CapMs, "ms")} and {Words.Number(d.BaseMs, "ms")} × {Words.Number(d.Factor)}ᵏ before attempt k. Clients that follow it lie along the declared line; what they need to notice and to dial moves them a little to its right."
            : "This client declares no distribution; only what was observed is shown.";
        return Markup.Of($"""
            <div class="figure"><h4>{heading}</h4>{legend}<p class="note">{declared}{(gaps.Attempts.Count > MostAttempts ? $" The first {MostAttempts} of {gaps.Attempts.Count} attempts are shown." : "")}</p>
            <div class="multiples">{Markup.Join(shown, a => Small(a, gaps.Declared, figures))}</div></div>
            """);
    }

    private static Markup Small(AttemptGaps attempt, DeclaredBackoff? declared, Figures figures)
    {
        var bound = declared is null ? "" : $", declared 0 to {Words.Number(declared.UpperMs(attempt.Attempt), "ms")}{(declared.AtCap(attempt.Attempt) ? " (the cap)" : "")}";
        return figures.Small($"Attempt {attempt.Attempt}", BackoffChart.Of(attempt, declared),
            Words.Invariant($"{Words.Count(attempt.GapsMs.Count, "gap")}, median {Words.Number(Percentiles.Of(attempt.GapsMs, .5), "ms")}{bound}"));
    }
}
