using System.Globalization;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Files.Binding;

/// <summary>A checked file of who is on call → its definition, with defaults filled in.</summary>
internal static class OnCallBinder
{
    public static OnCallDefinition Bind(Cursor root) => new([.. root["people"].Items.Select(p => new PersonDefinition(p["name"].Text!, p["email"].Text, p["webhook"].Text))],
        [.. root["teams"].Items.Select(Team)], root["mail"].Exists ? new MailDefinition(root["mail"]["server"].Text!, root["mail"]["from"].Text!) : null);

    /// <summary>One team.</summary>
    public static TeamDefinition Team(Cursor team) => new(team["name"].Text!, team["title"].Text ?? "", team["zone"].Text!,
        [.. team["rotations"].Items.Select(r => Rotation(r, team["zone"].Text!))],
        [.. team["overrides"].Items.Select(o => new OverrideDefinition(o["who"].Text!, LocalTime(o["from"].Text)!.Value, LocalTime(o["to"].Text)!.Value, o["why"].Text ?? ""))]);

    /// <summary>Whether a team that may not be as the schema wants it has all that its schedule needs.</summary>
    public static bool CanBind(Cursor team) => team["name"].Text is not null && team["zone"].Text is not null && team["rotations"].Items.Any()
        && team["rotations"].Items.All(r => r["name"].Text is not null && LocalTime(r["begins"].Text) is not null && r["handover"].Text is "day" or "week"
            && r["people"].Items.Any() && r["people"].Items.All(p => p.Text is not null)
            && (!r["hours"].Exists || (TimeOfDay(r["hours"]["from"].Text) is not null && TimeOfDay(r["hours"]["to"].Text) is not null)))
        && team["overrides"].Items.All(o => o["who"].Text is not null && LocalTime(o["from"].Text) is not null && LocalTime(o["to"].Text) is not null);

    /// <summary>A time as clocks show it; null when it is none.</summary>
    public static DateTime? LocalTime(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Year is >= 2000 and <= 2200 ? time : null;

    /// <summary>A time of day; null when it is none.</summary>
    public static TimeOnly? TimeOfDay(string? text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static RotationDefinition Rotation(Cursor rotation, string zone) => new(rotation["name"].Text!, [.. rotation["people"].Items.Select(p => p.Text!)],
        LocalTime(rotation["begins"].Text)!.Value, rotation["handover"].Text == "day" ? 1 : 7, rotation["zone"].Text ?? zone,
        rotation["hours"].Exists ? new HoursDefinition(TimeOfDay(rotation["hours"]["from"].Text)!.Value, TimeOfDay(rotation["hours"]["to"].Text)!.Value) : null);
}
