using System.Globalization;
using Chaos.Experiments.Alerts.OnCall;
using CsCheck;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

public sealed class OnCallTests
{
    private static readonly TeamDefinition Weekly = Team([new RotationDefinition("weekly", ["ana", "bea", "cem"], Local("2026-01-05T09:00"), 7, "Europe/Berlin")]);

    [Theory]
    [InlineData("2026-01-05T09:00+01:00", "ana")]
    [InlineData("2026-01-12T08:59+01:00", "ana")]
    [InlineData("2026-01-12T09:00+01:00", "bea")]
    [InlineData("2026-01-26T09:00+01:00", "ana")]
    [InlineData("2026-01-12T08:00Z", "bea")]
    public void Turns_pass_on_at_the_handover(string at, string who) => Assert.Equal(who, Owners.Of(Weekly, Moment(at)).Who);

    [Fact]
    public void Nobody_is_on_call_before_the_first_handover()
    {
        var owner = Owners.Of(Weekly, Moment("2026-01-05T08:59+01:00"));
        Assert.Null(owner.Who);
        Assert.Equal(Moment("2026-01-05T09:00+01:00"), owner.Until);
    }

    [Theory]
    // Clocks go forward on 2026-03-29 and back on 2026-10-25. Handovers stay at nine, a shift is an hour shorter or longer.
    [InlineData("2026-03-28T12:00+01:00", "2026-03-23T09:00+01:00", "2026-03-30T09:00+02:00", 167)]
    [InlineData("2026-10-24T12:00+02:00", "2026-10-19T09:00+02:00", "2026-10-26T09:00+01:00", 169)]
    [InlineData("2026-06-03T12:00+02:00", "2026-06-01T09:00+02:00", "2026-06-08T09:00+02:00", 168)]
    public void A_handover_stays_at_its_time_of_day_when_clocks_change(string at, string since, string until, int hours)
    {
        var owner = Owners.Of(Weekly, Moment(at));
        Assert.Equal((Moment(since), Moment(until)), (owner.Since, owner.Until));
        Assert.Equal(Moment(until).Offset, owner.Until.Offset);
        Assert.Equal(hours, (owner.Until - owner.Since).TotalHours);
    }

    [Theory]
    // 02:30 does not exist on 2026-03-29: clocks that have not been moved yet show it when those on the wall show 03:30.
    [InlineData("2026-03-28T02:30", "2026-03-29T03:30+02:00")]
    // 02:30 comes twice on 2026-10-25: the first is meant.
    [InlineData("2026-10-24T02:30", "2026-10-25T02:30+02:00")]
    public void A_handover_at_a_time_that_is_missing_or_comes_twice_happens_once(string begins, string second)
    {
        var daily = Team([new RotationDefinition("daily", ["ana", "bea"], Local(begins), 1, "Europe/Berlin")]);
        Assert.Equal("ana", Owners.Of(daily, Moment(second).AddTicks(-1)).Who);
        Assert.Equal("bea", Owners.Of(daily, Moment(second)).Who);
        Assert.Equal(Moment(second), Owners.Of(daily, Moment(second).AddHours(3)).Since);
    }

    [Fact]
    public void An_override_goes_before_the_rotation_and_cuts_its_shift()
    {
        var team = Weekly with { Overrides = [new OverrideDefinition("cem", Local("2026-01-07T18:00"), Local("2026-01-08T09:00"), "Ana has a day off.")] };
        Assert.Equal(("ana", "2026-01-05T09:00", "2026-01-07T18:00"), Shown(Owners.Of(team, Moment("2026-01-07T17:59+01:00"))));
        Assert.Equal(("cem", "2026-01-07T18:00", "2026-01-08T09:00"), Shown(Owners.Of(team, Moment("2026-01-07T18:00+01:00"))));
        Assert.Equal("Ana has a day off.", Owners.Of(team, Moment("2026-01-07T18:00+01:00")).By);
        Assert.Equal(("ana", "2026-01-08T09:00", "2026-01-12T09:00"), Shown(Owners.Of(team, Moment("2026-01-08T09:00+01:00"))));
    }

    [Fact]
    public void The_sun_is_followed_across_zones()
    {
        var team = Team([
            new RotationDefinition("europe", ["ana", "bea"], Local("2026-01-05T08:00"), 7, "Europe/Berlin", new HoursDefinition(new TimeOnly(8, 0), new TimeOnly(20, 0))),
            new RotationDefinition("americas", ["cem"], Local("2026-01-05T02:00"), 7, "America/New_York")]);
        Assert.Equal(("ana", "2026-01-06T08:00", "2026-01-06T20:00"), Shown(Owners.Of(team, Moment("2026-01-06T12:00+01:00"))));
        Assert.Equal(("cem", "2026-01-06T20:00", "2026-01-07T08:00"), Shown(Owners.Of(team, Moment("2026-01-06T16:00-05:00"))));
        Assert.Equal(("bea", "2026-01-12T08:00", "2026-01-12T20:00"), Shown(Owners.Of(team, Moment("2026-01-12T08:00+01:00"))));
        // While only New York's clocks have been moved, Berlin's day still goes before.
        Assert.Equal(("bea", "2026-03-09T08:00", "2026-03-09T20:00"), Shown(Owners.Of(team, Moment("2026-03-09T19:30+01:00"))));
    }

    [Fact]
    public void Hours_over_midnight_belong_to_the_day_they_begin_on()
    {
        var team = Team([
            new RotationDefinition("night", ["ana", "bea"], Local("2026-01-05T22:00"), 1, "Europe/Berlin", new HoursDefinition(new TimeOnly(22, 0), new TimeOnly(6, 0))),
            new RotationDefinition("day", ["cem"], Local("2026-01-05T22:00"), 7, "Europe/Berlin")]);
        Assert.Equal(("ana", "2026-01-05T22:00", "2026-01-06T06:00"), Shown(Owners.Of(team, Moment("2026-01-06T05:59+01:00"))));
        Assert.Equal(("cem", "2026-01-06T06:00", "2026-01-06T22:00"), Shown(Owners.Of(team, Moment("2026-01-06T06:00+01:00"))));
        Assert.Equal(("bea", "2026-01-06T22:00", "2026-01-07T06:00"), Shown(Owners.Of(team, Moment("2026-01-07T00:00+01:00"))));
    }

    [Fact]
    public void At_every_moment_the_shift_that_is_told_covers_it_and_its_neighbours_join_it()
    {
        var zones = new[] { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia" };
        Gen.Select(Gen.Int[0, zones.Length - 1], Gen.Int[0, 1439], Gen.Bool, Gen.Int[0, 3 * 365 * 24 * 60]).Sample((zone, minute, daily, after) =>
        {
            var team = Team([new RotationDefinition("r", ["ana", "bea", "cem"], Local("2026-01-05T00:00").AddMinutes(minute), daily ? 1 : 7, zones[zone])], zones[zone]);
            var moment = new DateTimeOffset(2026, 1, 8, 0, 0, 0, TimeSpan.Zero).AddMinutes(after);
            var owner = Owners.Of(team, moment);
            Assert.NotNull(owner.Who);
            Assert.True(owner.Since <= moment && moment < owner.Until);
            Assert.Equal(owner.Until, Owners.Of(team, owner.Until).Since);
            Assert.NotEqual(owner.Who, Owners.Of(team, owner.Until).Who);
            Assert.InRange((owner.Until - owner.Since).TotalHours, (daily ? 24 : 168) - 1, (daily ? 24 : 168) + 1);
        }, iter: 2_000, threads: 1);
    }

    private static TeamDefinition Team(RotationDefinition[] rotations, string zone = "Europe/Berlin") => new("gateway", "Gateways", zone, rotations, []);

    private static (string?, string, string) Shown(Owner owner) => (owner.Who, $"{owner.Since:yyyy-MM-ddTHH:mm}", $"{owner.Until:yyyy-MM-ddTHH:mm}");

    private static DateTime Local(string text) => DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
