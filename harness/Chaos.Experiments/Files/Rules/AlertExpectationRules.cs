using System.Globalization;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Expectations of alerts name alerts that there are, and people who may get them.</summary>
internal static class AlertExpectationRules
{
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz"];

    /// <summary>The expectations that judge alerts.</summary>
    public static IEnumerable<Cursor> Expectations(RuleContext context) => context.Root["steady_state"].Items.Concat(context.Root["expectations"].Items)
        .Where(e => context.Catalogue.Checks.FirstOrDefault(c => c.Name == e["check"].Text) is { NeedsAlerts: true });

    /// <param name="context">The experiment.</param>
    /// <param name="found">Whether there is a file of alerts.</param>
    /// <param name="owned">Its content; null when it has errors, which are told apart from this.</param>
    public static void Check(RuleContext context, bool found, OwnedAlerts? owned)
    {
        foreach (var expectation in Expectations(context))
        {
            if (!found) context.Report(expectation["check"], "there is no file of alerts", $"Write {AlertFiles.Name} beside or above the experiment.");
            if (expectation["clock"].Text is { } clock && !DateTimeOffset.TryParseExact(clock, Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                context.Report(expectation["clock"], $"'{Words.Shown(clock)}' is no moment", "Write it with its distance from UTC, such as 2026-03-30T08:58+02:00.");
            if (owned is null) continue;
            Known(context, expectation["alert"], [.. owned.Alerts.Alerts.Select(a => a.Name)], "alert");
            Known(context, expectation["to"], [.. owned.OnCall.People.Select(p => p.Name)], "person");
        }
    }

    private static void Known(RuleContext context, Cursor name, IReadOnlyCollection<string> known, string what)
    {
        if (name.Text is { Length: > 0 } text && !known.Contains(text)) context.Report(name, $"unknown {what} '{Words.Shown(text)}'", Words.Suggest(text, known, what == "alert" ? "alerts" : "people"));
    }
}
