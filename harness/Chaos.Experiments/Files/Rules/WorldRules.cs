namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of world files.</summary>
internal static class WorldRules
{
    /// <param name="fileName">The file's name without its extension, which the world must have.</param>
    public static void Check(RuleContext context, string fileName)
    {
        var root = context.Root;
        if (root["name"].Text is { Length: > 0 } name && name != fileName)
            context.Report(root["name"], $"the world's name '{Words.Shown(name)}' is not its file's", $"Call it '{fileName}', or rename the file.");
        context.ReportDuplicates(root["regions"].Items.Select(r => r["name"]), "region");
        foreach (var region in root["regions"].Items) ExternalGatewayRules.CheckRegion(context, region);
        foreach (var store in root["regions"].Items.Select(r => r["store"]))
        {
            if (store["kind"].Text == "external" && !store["address"].Exists)
                context.Report(store, "an external store lacks 'address'", "Give its host:port.");
            if (store["kind"].Text == "embedded" && store["address"].Exists)
                context.Report(store["address"], "an embedded store has no address", "Remove it, or set kind: external.");
        }
    }
}
