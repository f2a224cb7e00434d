using System.Globalization;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files.Binding;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Everybody must be known and reachable, times must exist, and somebody must be on call at every moment.</summary>
internal static class OnCallRules
{
    // Long enough for every pair of zones to have gone through its changes of clocks, on every weekday they may fall.
    private const int YearsAhead = 3;

    public static void Check(RuleContext context)
    {
        var root = context.Root;
        var people = root["people"].Items.ToList();
        context.ReportDuplicates(people.Select(p => p["name"]), "person");
        foreach (var person in people) Person(context, person, root["mail"].Exists);
        var names = people.Select(p => p["name"].Text).OfType<string>().ToList();
        context.ReportDuplicates(root["teams"].Items.Select(t => t["name"]), "team");
        foreach (var team in root["teams"].Items) Team(context, team, names);
    }

    private static void Person(RuleContext context, Cursor person, bool mail)
    {
        if (person.Node is System.Text.Json.Nodes.JsonObject && !person["email"].Exists && !person["webhook"].Exists)
            context.Report(person, $"{Words.Shown(person["name"].Text ?? "a person")} cannot be reached", "Give an email, a webhook, or both.");
        if (person["email"].Exists && !mail) context.Report(person["email"], "there is no server for mail", "Add 'mail:' with server and from at the top of the file.");
    }

    private static void Team(RuleContext context, Cursor team, List<string> people)
    {
        var before = context.Errors.Count;
        var rotations = team["rotations"].Items.ToList();
        Zone(context, team["zone"]);
        context.ReportDuplicates(rotations.Select(r => r["name"]), "rotation");
        foreach (var rotation in rotations)
        {
            Zone(context, rotation["zone"]);
            Time(context, rotation["begins"]);
            foreach (var hour in new[] { rotation["hours"]["from"], rotation["hours"]["to"] }.Where(h => h.Text is { Length: 5 } t && OnCallBinder.TimeOfDay(t) is null))
                context.Report(hour, $"there is no time of day {Words.Shown(hour.Text!)}", "Hours go from 00 to 23; for midnight write 00:00.");
            foreach (var person in rotation["people"].Items) Known(context, person, people);
        }

        var overrides = team["overrides"].Items.ToList();
        foreach (var entry in overrides) Override(context, entry, people);
        if (context.Errors.Count > before || !OnCallBinder.CanBind(team)) return;
        Overlaps(context, overrides);
        Gap(context, team);
    }

    private static void Override(RuleContext context, Cursor entry, List<string> people)
    {
        Known(context, entry["who"], people);
        Time(context, entry["from"]);
        Time(context, entry["to"]);
        if (OnCallBinder.LocalTime(entry["from"].Text) is { } from && OnCallBinder.LocalTime(entry["to"].Text) is { } to && to <= from)
            context.Report(entry["to"], "the override ends before it begins", "Exchange from and to, or remove it.");
    }

    private static void Overlaps(RuleContext context, List<Cursor> overrides)
    {
        var times = overrides.Select(o => (Entry: o, From: OnCallBinder.LocalTime(o["from"].Text)!.Value, To: OnCallBinder.LocalTime(o["to"].Text)!.Value)).OrderBy(o => o.From).ToList();
        foreach (var (one, next) in times.Zip(times.Skip(1)).Where(pair => pair.Second.From < pair.First.To))
            context.Report(next.Entry, $"this override begins while that of {Words.Shown(one.Entry["who"].Text!)} lasts", $"It lasts until {one.To:yyyy-MM-ddTHH:mm}; only one can be on call.");
    }

    private static void Gap(RuleContext context, Cursor team)
    {
        var schedule = new Schedule(OnCallBinder.Team(team));
        if (schedule.Gap(schedule.Begins, schedule.AllBegun.AddYears(YearsAhead)) is not { } gap) return;
        var zone = LocalTimes.Zone(schedule.Team.Zone)!;
        context.Report(team["rotations"], $"nobody is on call for {schedule.Team.Name} from {Shown(gap.From, zone)} to {Shown(gap.To, zone)} ({schedule.Team.Zone})",
            "Lengthen the hours of a rotation, or add one that covers the rest; zones that change their clocks on different days drift apart in between.");
    }

    private static string Shown(DateTimeOffset moment, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static void Zone(RuleContext context, Cursor zone)
    {
        if (zone.Text is { Length: > 0 } name && LocalTimes.Zone(name) is null)
            context.Report(zone, $"unknown time zone '{Words.Shown(name)}'", Words.Nearest(name, TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id)) is { } nearest ? $"Did you mean '{nearest}'?" : "Give an IANA name, such as Europe/Berlin; on Linux they come from the package tzdata.");
    }

    private static void Time(RuleContext context, Cursor time)
    {
        if (time.Text is { Length: 16 } text && OnCallBinder.LocalTime(text) is null) context.Report(time, $"there is no such time: {Words.Shown(text)}", "Check the day and the hour; write it as in 2026-01-05T09:00.");
    }

    private static void Known(RuleContext context, Cursor person, List<string> people)
    {
        if (person.Text is { Length: > 0 } name && !people.Contains(name)) context.Report(person, $"unknown person '{Words.Shown(name)}'", Words.Suggest(name, people, "people"));
    }
}
