namespace Chaos.Experiments.Alerts.OnCall;

/// <summary>Who owns what, when: as read from its file with defaults filled in.</summary>
/// <param name="Mail">The server that mail goes through; null where nobody is reached by mail.</param>
public sealed record OnCallDefinition(IReadOnlyList<PersonDefinition> People, IReadOnlyList<TeamDefinition> Teams, MailDefinition? Mail = null);

/// <summary>Where Alertmanager hands mail to.</summary>
/// <param name="Server">host:port.</param>
/// <param name="From">Sender.</param>
public sealed record MailDefinition(string Server, string From);

/// <summary>Somebody who may be on call. There is an address, a webhook, or both.</summary>
/// <param name="Name">Short lower-case name, by which rotations refer to them.</param>
/// <param name="Email">Mail address.</param>
/// <param name="Webhook">Address that is called, such as that of a paging service.</param>
public sealed record PersonDefinition(string Name, string? Email = null, string? Webhook = null);

/// <summary>A team with its rotations.</summary>
/// <param name="Name">As alerts name it.</param>
/// <param name="Title">What it owns.</param>
/// <param name="Zone">IANA time zone that its times are in.</param>
/// <param name="Rotations">The first that covers a moment counts.</param>
/// <param name="Overrides">Exceptions; they go before every rotation and do not overlap.</param>
public sealed record TeamDefinition(string Name, string Title, string Zone, IReadOnlyList<RotationDefinition> Rotations, IReadOnlyList<OverrideDefinition> Overrides);

/// <summary>People who take turns.</summary>
/// <param name="Name">Unique in the team.</param>
/// <param name="People">In the order of their turns.</param>
/// <param name="Begins">The first handover, as clocks of the zone show it. The others are at the same time of day, days or weeks later.</param>
/// <param name="EveryDays">Days from one handover to the next: 1 or 7.</param>
/// <param name="Zone">IANA time zone; the team's by default.</param>
/// <param name="Hours">Hours of each day that it covers; null for all.</param>
public sealed record RotationDefinition(string Name, IReadOnlyList<string> People, DateTime Begins, int EveryDays, string Zone, HoursDefinition? Hours = null);

/// <summary>Hours of a day, as clocks of the zone show them. They end on the next day where the end is not after the start.</summary>
public sealed record HoursDefinition(TimeOnly From, TimeOnly To);

/// <summary>Somebody takes over for a while.</summary>
/// <param name="Who">Their name.</param>
/// <param name="From">As clocks of the team's zone show it.</param>
/// <param name="To">The same.</param>
/// <param name="Why">The reason.</param>
public sealed record OverrideDefinition(string Who, DateTime From, DateTime To, string Why);
