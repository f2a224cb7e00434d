using Chaos.Experiments.Alerts.Conditions;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Alerts.OnCall;

namespace Chaos.Experiments.Alerts.Export;

/// <summary>Routes to whoever is on call, as a configuration of Alertmanager.</summary>
internal static class AlertmanagerConfig
{
    /// <summary>How long an alert waits for others of its kind before somebody is told.</summary>
    public static readonly TimeSpan GroupWait = TimeSpan.FromSeconds(5);

    /// <summary>The same of a ticket.</summary>
    public static readonly TimeSpan TicketWait = TimeSpan.FromMinutes(5);

    /// <summary>Time between two messages on the same trouble, its end among them.</summary>
    public static readonly TimeSpan GroupInterval = TimeSpan.FromMinutes(1);

    /// <summary>The file's text.</summary>
    /// <param name="onCall">How people are reached.</param>
    /// <param name="owners">Who is on call in each team.</param>
    /// <param name="compress">What every duration is divided by.</param>
    public static string Text(OnCallDefinition onCall, IReadOnlyList<Owner> owners, double compress = 1) => YamlText.Of(new
    {
        global = onCall.Mail is { } mail ? new { smtp_smarthost = mail.Server, smtp_from = mail.From } : null,
        route = new
        {
            // What carries none of our teams' names still reaches somebody.
            receiver = Receiver(owners[0]),
            // One trouble on several nodes is one page.
            group_by = new[] { "alertname", "team" },
            group_wait = Short(GroupWait, compress),
            group_interval = Short(GroupInterval, compress),
            repeat_interval = Short(TimeSpan.FromHours(1), compress),
            routes = owners.Select(o => Route(o, compress)).ToArray(),
        },
        receivers = owners.Select(o => Reached(o, onCall.People.First(p => p.Name == o.Who))).ToArray(),
    });

    private static object Route(Owner owner, double compress) => new
    {
        receiver = Receiver(owner),
        matchers = new[] { $"team=\"{owner.Team.Name}\"" },
        routes = new[] { new { receiver = Receiver(owner), matchers = new[] { $"severity=\"{Severities.Ticket}\"" }, group_wait = Short(TicketWait, compress), repeat_interval = Short(TimeSpan.FromHours(24), compress) } },
    };

    private static object Reached(Owner owner, PersonDefinition person) => new
    {
        name = Receiver(owner),
        email_configs = person.Email is null ? null : new[] { new { to = person.Email, send_resolved = true } },
        webhook_configs = person.Webhook is null ? null : new[] { new { url = person.Webhook, send_resolved = true } },
    };

    private static string Short(TimeSpan duration, double compress) => Expression.Duration(ConditionOptions.Compressed(duration, compress));

    private static string Receiver(Owner owner) => $"{owner.Team.Name}: {owner.Who}";
}
