using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The schema of files of who is on call.</summary>
internal static class OnCallSchema
{
    private const string LocalTime = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$";
    private const string TimeOfDay = "^[0-2][0-9]:[0-5][0-9]$";

    public static JsonObject Build()
    {
        var schema = Object("Who owns what, when. Alerts name a team; its rotations and overrides say who is on call.", ["people", "teams"],
            ("mail", Object("Where Alertmanager hands mail to; needed where somebody has an e-mail address.", ["server", "from"],
                ("server", Shaped(@"^[^\s:]+:[0-9]{1,5}$", "host:port of the mail server.")),
                ("from", Shaped(@"^[^@\s]+@[^@\s]+$", "Address that alerts come from.")))),
            ("people", List("Everybody who may be on call. At least one.", Ref("person"), min: 1, max: 500)),
            ("teams", List("The teams. At least one.", Ref("team"), min: 1, max: 100)));
        return Document("Chaos on-call", schema, new JsonObject
        {
            ["person"] = Object("Somebody who may be on call, with a way to reach them.", ["name"],
                ("name", Name("Unique name, such as ana.")),
                ("email", Shaped(@"^[^@\s]+@[^@\s]+$", "E-mail address.")),
                ("webhook", Shaped(@"^https?://[^\s/]+(/\S*)?$", "Address that is called, such as that of a paging service."))),
            ["team"] = Object("A team with its rotations.", ["name", "title", "zone", "rotations"],
                ("name", Name("Unique name, as alerts name it.")),
                ("title", Text("What it owns.")),
                ("zone", Zone("Time zone of its times.")),
                ("rotations", List("The first that covers a moment counts; together they must leave no gap.", Ref("rotation"), min: 1, max: 20)),
                ("overrides", List("Exceptions, which go before every rotation.", Ref("override"), max: 1000))),
            ["rotation"] = Object("People who take turns.", ["name", "people", "begins", "handover"],
                ("name", Name("Unique in the team, such as weekly.")),
                ("people", List("Names, in the order of their turns.", Name("Name of a person."), min: 1, max: 100)),
                ("begins", Time("The first handover. The others are at the same time of day.")),
                ("handover", Enum("handover", "How often the turn passes on: every day, or every week.", ["day", "week"])),
                ("zone", Zone("Time zone of this rotation; the team's by default.")),
                ("hours", Object("Hours of each day that it covers; all by default.", ["from", "to"],
                    ("from", Shaped(TimeOfDay, "Their start, such as \"08:00\".")),
                    ("to", Shaped(TimeOfDay, "Their end; on the next day where it is not after the start."))))),
            ["override"] = Object("Somebody takes over for a while.", ["who", "from", "to", "why"],
                ("who", Name("Name of a person.")),
                ("from", Time("Its start.")),
                ("to", Time("Its end.")),
                ("why", Text("The reason."))),
        });
    }

    private static JsonObject Shaped(string pattern, string description) => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 500, ["pattern"] = pattern, ["description"] = description };

    private static JsonObject Time(string description) => Shaped(LocalTime, $"{description} As clocks of the zone show it, such as 2026-01-05T09:00.");

    private static JsonObject Zone(string description) => Shaped("^[A-Za-z][A-Za-z0-9_+/-]*$", $"{description} An IANA name, such as Europe/Berlin.");
}
