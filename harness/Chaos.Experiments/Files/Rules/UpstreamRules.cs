namespace Chaos.Experiments.Files.Rules;

/// <summary>Channels can be asked about only where there is somebody to ask.</summary>
internal static class UpstreamRules
{
    public static void Check(RuleContext context)
    {
        var gateway = context.Root["gateway"];
        if (context.World?.Regions.FirstOrDefault(r => r.Upstream is null && r.External is null) is not { } region || gateway["upstream"]["url"].Exists) return;
        foreach (var ask in gateway["channels"].Items.Select(c => c["ask"]).Where(a => a.Truth == true))
        {
            context.Report(ask, $"region {region.Name} of world {context.World.Name} has no upstream service to ask",
                "Choose a world that has one (one-region-upstream), or give the region upstream: { kind: embedded }.");
        }
    }
}
