using Chaos.Experiments.Alerts.Conditions;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Alerts must be told apart, have an owner and a runbook, keep what they promise, and missing data must be an alert too.</summary>
internal static class AlertRules
{
    /// <param name="context">The file.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="found">Whether there is a file of who is on call.</param>
    /// <param name="teams">Its teams; null when it has errors, which are told apart from this.</param>
    public static void Check(RuleContext context, string folder, bool found, IReadOnlyCollection<string>? teams)
    {
        var root = context.Root;
        var alerts = root["alerts"].Items.ToList();
        context.ReportRange(root["interval"], Limits.AlertInterval);
        context.ReportDuplicates(alerts.Select(a => a["name"]), "alert");
        foreach (var alert in alerts)
        {
            Condition(context, alert);
            Promise(context, alert, root["interval"].Duration ?? TimeSpan.FromSeconds(15));
            Runbook(context, alert["runbook"], folder);
            if (!found || teams is null || alert["team"].Text is not { Length: > 0 } team || teams.Contains(team)) continue;
            context.Report(alert["team"], $"unknown team '{Words.Shown(team)}'", Words.Suggest(team, teams, "teams"));
        }

        if (!found) context.Report(root, "there is no file of who is on call", $"Write {OnCallFiles.Name} beside or above this file: an alert needs an owner.");
        Blindness(context, root["alerts"], alerts, new UnreachableCondition().Name, "a node that does not answer");
        Blindness(context, root["alerts"], alerts, new AbsentCondition().Name, "metrics that nobody reports");
    }

    private static void Condition(RuleContext context, Cursor alert)
    {
        if (ConditionCatalogue.Find(alert["condition"].Text) is not { } condition) return;
        condition.Check(context, alert);
        foreach (var key in condition.Options.Select(o => o.Key).Where(k => alert[k].Duration is not null)) context.ReportRange(alert[key], ConditionParts.Windows);
    }

    private static void Promise(RuleContext context, Cursor alert, TimeSpan interval)
    {
        context.ReportRange(alert["for"], Limits.AlertFor);
        context.ReportRange(alert["keep_firing_for"], Limits.AlertFor);
        context.ReportRange(alert["within"], Limits.AlertWithin);
        if (alert["for"].Duration is { } hold && alert["within"].Duration is { } within && within < hold + interval)
            context.Report(alert["within"], $"within cannot be kept: {Durations.Format(within)} is shorter than the hold time and one evaluation, {Durations.Format(hold + interval)}", "Promise more time, or hold for less.");
    }

    private static void Runbook(RuleContext context, Cursor runbook, string folder)
    {
        if (runbook.Text is not { Length: > 0 } path || path.StartsWith("https://", StringComparison.Ordinal)) return;
        var parts = path.Split('#', 2);
        var file = Path.GetFullPath(parts[0], folder);
        if (!File.Exists(file)) context.Report(runbook, $"there is no runbook '{Words.Shown(parts[0])}'", "Give a path from this file, or an https address; an alert without one wakes somebody who does not know what to do.");
        else if (parts.Length == 2 && !File.ReadLines(file).Any(line => line.StartsWith('#') && Anchor(line) == parts[1]))
            context.Report(runbook, $"{Words.Shown(parts[0])} has no heading '{Words.Shown(parts[1])}'", "What follows the # is a heading in lower case, with dashes for spaces.");
    }

    private static string Anchor(string heading) => heading.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-');

    private static void Blindness(RuleContext context, Cursor list, List<Cursor> alerts, string condition, string what)
    {
        if (alerts.Count == 0 || alerts.Any(a => a["condition"].Text == condition)) return;
        context.Report(list, $"no alert tells of {what}", $"Add one with condition: {condition}; without data every other alert is silent, and that reads as healthy.");
    }
}
