using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Links must be in the world, and of the right kind.</summary>
internal static class LinkRules
{
    /// <summary>Checks a link that only one kind fits.</summary>
    /// <param name="who">Who uses it, such as "clients".</param>
    public static void Check(RuleContext context, Cursor link, LinkKind kind, string who)
    {
        if (Find(context, link) is { } found && found.Kind != kind)
            context.Report(link, $"{who} cannot connect through {found.Name}, a {Kind(found.Kind)} link", $"Use a {Kind(kind)} link: {Links(context, kind)}.");
    }

    /// <summary>Checks the link of a fault.</summary>
    public static void CheckFault(RuleContext context, Cursor fault)
    {
        if (fault["node"].Exists && fault["fault"].Text is { } what)
            context.Report(fault["node"], $"{Words.Shown(what)} acts on a link and takes no 'node'", "Say with 'link' which one.");
        if (Find(context, fault["link"]) is not { } found) return;
        var type = context.Catalogue.Faults.FirstOrDefault(f => f.Type == fault["fault"].Text);
        if (type is null || type.Links.Contains(found.Kind)) return;
        context.Report(fault["link"], $"{type.Type} cannot act on {found.Name}, a {Kind(found.Kind)} link",
            $"It acts on: {string.Join(", ", type.Links.Order().Select(k => Links(context, k)))}.");
    }

    private static LinkDefinition? Find(RuleContext context, Cursor link)
    {
        if (context.World is null || link.Text is not { Length: > 0 } name) return null;
        var links = context.World.Links.ToList();
        var found = links.FirstOrDefault(l => l.Name == name);
        if (found is null)
            context.Report(link, $"unknown link '{Words.Shown(name)}' in world {context.World.Name}", Words.Suggest(name, [.. links.Select(l => l.Name)], "links"));
        return found;
    }

    private static string Kind(LinkKind kind) => kind == LinkKind.WebSocket ? "WebSocket" : "TCP";

    private static string Links(RuleContext context, LinkKind kind) => Words.List([.. context.World!.Links.Where(l => l.Kind == kind).Select(l => l.Name)]);
}
