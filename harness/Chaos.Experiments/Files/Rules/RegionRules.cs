using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Regions;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of faults between regions, and of fleets that live in several.</summary>
internal static class RegionRules
{
    private static readonly string[] NotBetween = ["link", "node", "stream", "toxicity", "target"];

    public static void CheckFault(RuleContext context, Cursor fault)
    {
        var type = fault["fault"].Text!;
        foreach (var key in NotBetween.Where(k => fault[k].Exists))
            context.Report(fault[key], $"{type} acts between regions and takes no '{key}'", "Remove it; 'between' says where the fault is.");
        if (context.World is not { } world || fault["between"].Items.Select(b => b.Text).ToList() is not [{ } one, { } other]) return;
        if (world.Regions.Count == 1)
        {
            context.Report(fault["between"], $"world {world.Name} has one region, so there is nothing between any", "Use a world of several, such as two-regions.");
            return;
        }

        var regions = world.Regions.Select(r => r.Name).ToList();
        foreach (var (region, known) in fault["between"].Items.Zip([regions, [.. regions, RegionFaultCatalogue.Others]]))
        {
            CheckKnown(context, region, world, known);
        }

        if (one == other) context.Report(fault["between"], $"there is nothing between {Words.Shown(one)} and itself", "Name two regions, or others for all but the first.");
        if (type == "rtt" && fault["attributes"]["ms"].Number is { } ms) Longer(context, fault["attributes"]["ms"], world, [one, other], ms);
    }

    public static void CheckFleet(RuleContext context, Cursor fleet)
    {
        if (!fleet["regions"].Exists) return;
        foreach (var key in new[] { "count", "link" }.Where(k => fleet[k].Exists)) context.Report(fleet[key], $"fleet.{key} and fleet.regions say the same thing", $"Remove '{key}': how many clients live where is said by regions.");
        if (fleet["client"].Text is { } client and not "reference") context.Report(fleet["client"], $"{Words.Shown(client)} knows one address only", "Leave regions out, or let the client be the reference.");
        context.ReportDuplicates(fleet["regions"].Items.Select(r => r["region"]), "region");
        if (fleet["regions"].Items.Sum(r => r["count"].Whole ?? 0) is > 9000 and var all) context.Report(fleet["regions"], $"fleet.regions comes to {all} clients", "At most 9,000 are allowed in all.");
        if (context.World is not { } world) return;
        var regions = world.Regions.Select(r => r.Name).ToList();
        foreach (var region in fleet["regions"].Items.Select(r => r["region"])) CheckKnown(context, region, world, regions);
    }

    /// <summary>A region must be one of those that may be named there.</summary>
    public static void CheckKnown(RuleContext context, Cursor region, WorldDefinition world, IReadOnlyList<string> known)
    {
        if (region.Text is { } name && !known.Contains(name)) context.Report(region, $"unknown region '{Words.Shown(name)}' in world {world.Name}", Words.Suggest(name, known, "regions"));
    }

    private static void Longer(RuleContext context, Cursor at, WorldDefinition world, IReadOnlyList<string> between, double ms)
    {
        var longest = RegionFaultCatalogue.LinksOf(world, between).Select(l => world.RoundTripMs(l.Region, l.To!)).DefaultIfEmpty(0).Max();
        if (ms <= longest) context.Report(at, FormattableString.Invariant($"rtt of {ms} ms is not longer than the world's, {longest} ms"), "The fault makes a way longer; for a shorter one give the world another rtt.");
    }
}
