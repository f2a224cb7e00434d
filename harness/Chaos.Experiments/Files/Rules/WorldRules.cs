namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of world files.</summary>
internal static class WorldRules
{
    private static readonly (string Key, string Kind)[] Belongs = [("address", "external"), ("program", "process"), ("image", "container")];

    /// <param name="fileName">The file's name without its extension, which the world must have.</param>
    public static void Check(RuleContext context, string fileName)
    {
        var root = context.Root;
        if (root["name"].Text is { Length: > 0 } name && name != fileName)
            context.Report(root["name"], $"the world's name '{Words.Shown(name)}' is not its file's", $"Call it '{fileName}', or rename the file.");
        context.ReportDuplicates(root["regions"].Items.Select(r => r["name"]), "region");
        RoundTrips(context);
        foreach (var region in root["regions"].Items) ExternalGatewayRules.CheckRegion(context, region);
        foreach (var region in root["regions"].Items)
        {
            Part(context, region["store"], "store");
            Part(context, region["upstream"], "upstream");
        }

        var stores = root["regions"].Items.Select(r => r["store"]["address"]).Where(a => a.Text is not null);
        foreach (var again in stores.GroupBy(a => a.Text).SelectMany(same => same.Skip(1)))
            context.Report(again, $"two regions have the store at {Words.Shown(again.Text!)}", "A region has a store of its own: give each another address.");
    }

    /// <summary>What runs already has an address, a container an image, and nothing else has either.</summary>
    private static void Part(RuleContext context, Cursor part, string what)
    {
        if (part["kind"].Text is not { } kind) return;
        if (kind == "external" && !part["address"].Exists) context.Report(part, $"an external {what} lacks 'address'", "Give its host:port.");
        if (kind == "container" && !part["image"].Exists) context.Report(part, $"a container {what} lacks 'image'", "Name an image with redis-server in it, such as redis:7.");
        foreach (var (key, other) in Belongs.Where(b => part[b.Key].Exists && kind != b.Kind))
            context.Report(part[key], $"{(kind[0] is 'e' ? "an" : "a")} {Words.Shown(kind)} {what} has no {key}", $"Remove it, or set kind: {other}.");
    }

    /// <summary>Every pair of regions has one distance: one that is left out would be none, and regions at no distance show nothing.</summary>
    private static void RoundTrips(RuleContext context)
    {
        var (root, names) = (context.Root, context.Root["regions"].Items.Select(r => r["name"].Text).OfType<string>().Distinct().ToList());
        var given = new HashSet<(string, string)>();
        foreach (var between in root["rtt"].Items.Select(r => r["between"]))
        {
            if (between.Items.Select(b => b.Text).ToList() is not [{ } one, { } other]) continue;
            foreach (var region in between.Items.Where(b => !names.Contains(b.Text!)))
                context.Report(region, $"unknown region '{Words.Shown(region.Text!)}'", Words.Suggest(region.Text!, names, "regions"));
            if (one == other) context.Report(between, $"a region has no distance to itself: {Words.Shown(one)}", "Name two regions.");
            else if (!given.Add(Pair(one, other))) context.Report(between, $"the distance between {Words.Shown(one)} and {Words.Shown(other)} is given twice", "Remove one of them.");
        }

        var missing = names.SelectMany((one, i) => names.Skip(i + 1).Select(other => Pair(one, other))).Where(p => !given.Contains(p)).ToList();
        if (missing.Count > 0)
        {
            context.Report(root["rtt"].Exists ? root["rtt"] : root["regions"], $"rtt lacks the distance between {string.Join(", ", missing.Select(m => $"{Words.Shown(m.Item1)} and {Words.Shown(m.Item2)}"))}",
                $"Add to rtt: - {{ between: [{missing[0].Item1}, {missing[0].Item2}], ms: 80 }}.");
        }

        static (string, string) Pair(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
    }
}
