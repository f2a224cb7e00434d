using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Links must be in the world, and of the right kind.</summary>
internal static class LinkRules
{
    private static readonly string[] Elsewhere = ["node", "between"];

    /// <summary>Checks a link that only one kind fits.</summary>
    /// <param name="who">Who uses it, such as "clients".</param>
    public static void Check(RuleContext context, Cursor link, LinkKind kind, string who)
    {
        if (Find(context, link) is { } found && found.Kind != kind)
            context.Report(link, $"{who} cannot connect through {found.Name}, {Kind(found.Kind)} link", $"Use {Kind(kind)} link: {Links(context, kind)}.");
    }

    /// <summary>Checks that a link is there, whatever its kind.</summary>
    public static void CheckExists(RuleContext context, Cursor link) => _ = Find(context, link);

    /// <summary>Checks the link of a fault.</summary>
    public static void CheckFault(RuleContext context, Cursor fault)
    {
        foreach (var key in Elsewhere.Where(k => fault[k].Exists && fault["fault"].Exists))
            context.Report(fault[key], $"{Words.Shown(fault["fault"].Text ?? "")} acts on a link and takes no '{key}'", "Say with 'link' which one.");
        if (Find(context, fault["link"]) is not { } found) return;
        var type = context.Catalogue.Faults.FirstOrDefault(f => f.Type == fault["fault"].Text);
        if (type is null || type.Links.Contains(found.Kind)) return;
        context.Report(fault["link"], $"{type.Type} cannot act on {found.Name}, {Kind(found.Kind)} link",
            $"It acts on: {string.Join(", ", type.Links.Order().Select(k => Links(context, k)).Where(l => l.Length > 0))}.");
    }

    private static LinkDefinition? Find(RuleContext context, Cursor link)
    {
        if (context.World is null || link.Text is not { Length: > 0 } written) return null;
        var name = LinkNames.Normal(written);
        var links = context.World.Links.ToList();
        var found = links.FirstOrDefault(l => l.Name == name);
        if (found is null)
            context.Report(link, $"unknown link '{Words.Shown(name)}' in world {context.World.Name}", Words.Suggest(name, [.. links.Select(l => l.Name)], "links"));
        return found;
    }

    private static string Kind(LinkKind kind) => kind switch { LinkKind.WebSocket => "a WebSocket", LinkKind.Http => "an HTTP", _ => "a TCP" };

    private static string Links(RuleContext context, LinkKind kind) => Words.List([.. context.World!.Links.Where(l => l.Kind == kind).Select(l => l.Name)]);
}
