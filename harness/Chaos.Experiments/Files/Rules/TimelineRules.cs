using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Files.Reading;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of the timeline.</summary>
internal static class TimelineRules
{
    public static void Check(RuleContext context, Cursor timeline)
    {
        context.ReportRange(timeline["baseline"], Limits.Phase);
        context.ReportRange(timeline["faults_at_least"], Limits.Phase);
        context.ReportRange(timeline["recovery"], Limits.Phase);
        context.ReportRange(timeline["settle"], Limits.Settle);
        var faults = timeline["faults"].Items.ToList();
        context.ReportDuplicates(faults.Select(f => f["name"]), "fault");
        foreach (var fault in faults) CheckFault(context, fault);
        NodeRules.CheckOverlaps(context, faults);

        var total = faults.Sum(f => (long)(f["repeat"]["count"].Whole is { } count and > 0 and <= Limits.Occurrences ? count : 1));
        if (total > Limits.Occurrences)
            context.Report(timeline["faults"], $"timeline.faults comes to {total} occurrences", $"At most {Limits.Occurrences} are allowed in all; lower a count.");
    }

    /// <summary>Rules of one fault.</summary>
    public static void CheckFault(RuleContext context, Cursor fault)
    {
        switch (context.Catalogue.Faults.FirstOrDefault(f => f.Type == fault["fault"].Text)?.Place)
        {
            case FaultPlace.Node:
                NodeRules.CheckFault(context, fault);
                break;
            case FaultPlace.Regions:
                RegionRules.CheckFault(context, fault);
                break;
            default:
                LinkRules.CheckFault(context, fault);
                break;
        }

        if (fault["name"].Text is { } name && ExperimentRules.Windows.Contains(name))
            context.Report(fault["name"], $"a fault cannot be called '{name}'", "That is the name of a phase, and during could mean either.");
        context.ReportRange(fault["at"], Limits.FaultAt);
        context.ReportRange(fault["for"], Limits.FaultFor);

        var repeat = fault["repeat"];
        context.ReportRange(repeat["every"], Limits.Every);
        context.ReportRange(repeat["jitter"], Limits.Jitter);
        if (repeat["every"].Duration is not { } every || every <= TimeSpan.Zero || every > Limits.Every.Max) return;
        if (repeat["jitter"].Duration is { } jitter && jitter > every && jitter <= Limits.Jitter.Max)
            context.Report(repeat["jitter"], $"{Pointers.Shown(repeat["jitter"].Pointer)} is longer than every: {Durations.Format(jitter)} is above {Durations.Format(every)}", "Starts may move by one interval at most.");
        if (repeat["count"].Whole is not { } count || count < 1 || count > Limits.Occurrences) return;
        var end = (fault["at"].Duration ?? TimeSpan.Zero) + (every * (count - 1)) + (fault["for"].Duration ?? TimeSpan.Zero);
        if (end > Limits.Timeline)
            context.Report(repeat["count"], $"{Pointers.Shown(fault.Pointer)} ends after {Durations.Format(TimeSpan.FromMinutes(Math.Ceiling(end.TotalMinutes)))}", $"The timeline may last {Durations.Format(Limits.Timeline)}; lower count or every.");
    }
}
