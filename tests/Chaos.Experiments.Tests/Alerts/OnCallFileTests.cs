using Chaos.Experiments.Files;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

public sealed class OnCallFileTests
{
    public static TheoryData<string, string, string, string> Slips => new()
    {
        { "an unknown person", "[ana, bea]", "[ana, bae]", "on-call.yaml:10:39: unknown person 'bae'. Did you mean 'bea'?" },
        { "an unknown zone", "Europe/Berlin", "Europe/Berln", "on-call.yaml:8:11: unknown time zone 'Europe/Berln'. Did you mean 'Europe/Berlin'?" },
        { "a day that is none", "2026-01-05T09:00", "2026-02-30T09:00", "on-call.yaml:10:53: there is no such time: 2026-02-30T09:00. Check the day and the hour; write it as in 2026-01-05T09:00." },
        { "a time of another shape", "2026-01-05T09:00", "Monday", "on-call.yaml:10:53: teams[0].rotations[0].begins is not well formed: 'Monday'. The first handover. The others are at the same time of day. As clocks of the zone show it, such as 2026-01-05T09:00." },
        { "an unknown handover", "handover: week", "handover: weekly", "on-call.yaml:10:81: unknown handover 'weekly'. Did you mean 'week'?" },
        { "somebody who cannot be reached", "ana, email: ana@example.com", "ana", "on-call.yaml:3:5: ana cannot be reached. Give an email, a webhook, or both." },
        { "mail without a server", "mail: { server: \"mail.example.com:25\", from: alerts@example.com }\n", "", "on-call.yaml:2:25: there is no server for mail. Add 'mail:' with server and from at the top of the file." },
        { "an override that ends before it begins", "handover: week }", "handover: week }\n    overrides: [ { who: ana, from: 2026-02-02T09:00, to: 2026-02-01T09:00, why: x } ]", "on-call.yaml:11:58: the override ends before it begins. Exchange from and to, or remove it." },
        { "overrides that overlap", "handover: week }", "handover: week }\n    overrides: [ { who: ana, from: 2026-02-02T09:00, to: 2026-02-03T09:00, why: x }, { who: bea, from: 2026-02-03T08:00, to: 2026-02-04T09:00, why: y } ]",
            "on-call.yaml:11:86: this override begins while that of ana lasts. It lasts until 2026-02-03T09:00; only one can be on call." },
        { "a night that nobody has", "handover: week }", "handover: week, hours: { from: \"09:00\", to: \"21:00\" } }",
            "on-call.yaml:10:7: nobody is on call for gateway from 2026-01-05T21:00 to 2026-01-06T09:00 (Europe/Berlin). Lengthen the hours of a rotation, or add one that covers the rest; zones that change their clocks on different days drift apart in between." },
        { "an hour that is none", "handover: week }", "handover: week, hours: { from: \"09:00\", to: \"24:00\" } }", "on-call.yaml:10:115: there is no time of day 24:00. Hours go from 00 to 23; for midnight write 00:00." },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void One_slip_gives_one_error_where_it_is(string slip, string from, string to, string expected)
    {
        Assert.Contains(from, AlertFolder.OnCall, StringComparison.Ordinal);
        using var folder = new AlertFolder(onCall: AlertFolder.OnCall.Replace(from, to, StringComparison.Ordinal));
        var (owned, errors) = folder.Load();
        Assert.Equal($"{slip}: {expected}", $"{slip}: {string.Join("\n", errors)}");
        Assert.Null(owned);
    }

    [Fact]
    public void Zones_that_drift_apart_in_spring_leave_a_gap_that_is_found()
    {
        // Fits to the hour all winter. New York moves its clocks three weeks before Berlin does, and its shift then begins and ends an hour early.
        const string Shifts = """
            - { name: day, people: [ana], begins: 2026-01-05T08:00, handover: week, hours: { from: "08:00", to: "20:00" } }
                  - { name: night, people: [bea], zone: America/New_York, begins: 2026-01-05T02:00, handover: week, hours: { from: "14:00", to: "02:00" } }
            """;
        const string Weekly = "- { name: weekly, people: [ana, bea], begins: 2026-01-05T09:00, handover: week }";
        using var folder = new AlertFolder(onCall: AlertFolder.OnCall.Replace(Weekly, Shifts, StringComparison.Ordinal));
        Assert.Equal("nobody is on call for gateway from 2026-03-09T07:00 to 2026-03-09T08:00 (Europe/Berlin)", Assert.Single(folder.Load().Errors).Message);
    }

    [Fact]
    public void A_rotation_for_the_rest_closes_every_gap()
    {
        using var folder = new AlertFolder(onCall: AlertFolder.OnCall.Replace("- { name: weekly",
            "- { name: day, people: [ana], zone: America/New_York, begins: 2026-01-05T03:00, handover: day, hours: { from: \"22:00\", to: \"06:00\" } }\n      - { name: weekly", StringComparison.Ordinal));
        Assert.Empty(folder.Load().Errors);
    }

    [Fact]
    public void A_missing_file_is_told()
    {
        using var folder = new AlertFolder();
        var (onCall, errors) = OwnedAlerts.LoadOnCall("nowhere.yaml", new LoadOptions { WorkingFolder = folder.Path });
        Assert.Null(onCall);
        Assert.StartsWith("nowhere.yaml: the file cannot be read", Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }
}
