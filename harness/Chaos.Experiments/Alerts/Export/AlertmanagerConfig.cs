using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.OnCall;

namespace Chaos.Experiments.Alerts.Export;

/// <summary>Routes to whoever is on call, as a configuration of Alertmanager.</summary>
internal static class AlertmanagerConfig
{
    /// <summary>The file's text.</summary>
    /// <param name="onCall">How people are reached.</param>
    /// <param name="owners">Who is on call in each team.</param>
    public static string Text(OnCallDefinition onCall, IReadOnlyList<Owner> owners) => YamlText.Of(new
    {
        global = onCall.Mail is { } mail ? new { smtp_smarthost = mail.Server, smtp_from = mail.From } : null,
        route = new
        {
            // What carries none of our teams' names still reaches somebody.
            receiver = Receiver(owners[0]),
            // One trouble on several nodes is one page.
            group_by = new[] { "alertname", "team" },
            group_wait = "5s",
            group_interval = "1m",
            repeat_interval = "1h",
            routes = owners.Select(Route).ToArray(),
        },
        receivers = owners.Select(o => Reached(o, onCall.People.First(p => p.Name == o.Who))).ToArray(),
    });

    private static object Route(Owner owner) => new
    {
        receiver = Receiver(owner),
        matchers = new[] { $"team=\"{owner.Team.Name}\"" },
        routes = new[] { new { receiver = Receiver(owner), matchers = new[] { $"severity=\"{Severities.Ticket}\"" }, group_wait = "5m", repeat_interval = "24h" } },
    };

    private static object Reached(Owner owner, PersonDefinition person) => new
    {
        name = Receiver(owner),
        email_configs = person.Email is null ? null : new[] { new { to = person.Email, send_resolved = true } },
        webhook_configs = person.Webhook is null ? null : new[] { new { url = person.Webhook, send_resolved = true } },
    };

    private static string Receiver(Owner owner) => $"{owner.Team.Name}: {owner.Who}";
}
