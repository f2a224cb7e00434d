using System.Text.Json.Nodes;
using Chaos.Experiments.Catalogues;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The fleet's part of the schema.</summary>
internal static class FleetSchema
{
    private const string CountMeaning = "Number of clients, 1 to 9,000.";
    private const string LinkMeaning = "The link that they connect through, such as eu.clients.";

    public static JsonObject Fleet(Catalogue catalogue)
    {
        var schema = Members(catalogue);
        schema["if"] = new JsonObject { ["required"] = Strings("regions") };
        schema["else"] = new JsonObject
        {
            ["required"] = Strings("count", "link"),
            ["properties"] = new JsonObject { ["count"] = new JsonObject { ["description"] = CountMeaning }, ["link"] = new JsonObject { ["description"] = LinkMeaning } },
        };
        return schema;
    }

    private static JsonObject Members(Catalogue catalogue) => Object("The clients of the experiment: count and link, or where there are regions how many live in each.", [],
        ("client", Enum("client", ExperimentSchema.Described("Kind of client.", catalogue.Clients.Select(c => (c.Name, c.Summary))), catalogue.Clients.Select(c => c.Name), "reference")),
        ("count", Whole(CountMeaning, 1, 9000)),
        ("channels", Whole("Number of channels, 1 to count; client i subscribes to channel i mod channels. 1 by default.", 1, 9000, 1)),
        ("link", Text(LinkMeaning)),
        ("regions", List("How many clients live in which region. They connect to their own region, and to the next nearest while that cannot be reached.",
            Object("Clients of one region.", ["region", "count"],
                ("region", Text("Name of the region.")),
                ("count", Whole("Number of clients, 1 to 9,000.", 1, 9000))), max: 16)),
        ("policy", Policy()),
        ("feed", Object("Messages that flow during the run, open-loop: each is due at its time whatever became of earlier ones. None by default.", ["from", "rate_per_s"],
            ("from", Enum("feed", ExperimentSchema.Described("Who publishes.",
                [("clients", "each client, to its own channel, through its own connection"), ("backstage", "one publisher a channel, connected to the gateway past every fault")]),
                ["clients", "backstage"])),
            ("rate_per_s", Number("Messages a second in all, 0.1 to 20,000.", 0.1, 20_000)),
            ("bytes", Whole("Size of a payload in bytes, 64 to 65,536; 128 by default.", 64, 65_536, 128)))),
        ("token_ttl", Duration("Lifetime of the connection tokens that clients fetch.", Limits.TokenTtl, "10m")));

    private static JsonObject Policy() => Object("How clients declare to reconnect and to watch their connection; what the checks of backoff and liveness test against.", [],
        ("base_ms", Number("Upper bound of the first backoff in milliseconds, 1 to 60,000; 500 by default.", 1, 60_000, 500)),
        ("factor", Number("Growth of the upper bound from one attempt to the next, 1 to 10; 2 by default.", 1, 10, 2)),
        ("cap_ms", Number("Largest upper bound in milliseconds, base_ms to 600,000; 20,000 by default.", 1, 600_000, 20_000)),
        ("distribution", Enum("distribution", "Distribution of the backoff. full-jitter: uniform on [0, min(cap, base × factor^k)).", ["full-jitter"], "full-jitter")),
        ("stable_ms", Number("How long a connection must live after its connect reply before attempts count from 0 again, in milliseconds, 0 to 600,000; 5,000 by default.", 0, 600_000, 5_000)),
        ("connect_timeout_ms", Number("Longest wait for socket and connect reply in milliseconds, 10 to 600,000; 5,000 by default.", 10, 600_000, 5_000)),
        ("ping_interval_ms", Number("Time from one ping of a plain-websocket client to the next, in milliseconds, 0 to 600,000; 0 sends none and never gives a silent connection up. Other clients go by the interval that their gateway announces. 5,000 by default.", 0, 600_000, 5_000)),
        ("ping_slack_ms", Number("Added to the ping interval before a silent connection is given up, in milliseconds, 0 to 600,000; 1,000 by default.", 0, 600_000, 1_000)),
        ("close_timeout_ms", Number("Longest wait for the peer's close frame in milliseconds, 0 to 600,000; 1,000 by default.", 0, 600_000, 1_000)),
        ("publish_timeout_ms", Number("Longest wait for the reply to a publish before it is sent again, in milliseconds, 0 (for ever) to 600,000; 5,000 by default.", 0, 600_000, 5_000)),
        ("move_after", Whole("Attempts in a row that fail in one region before the next nearest is tried, 1 to 100; 2 by default.", 1, 100, 2)),
        ("return_after_ms", Number("How long a client that went to another region stays there at least before it looks for its own, up to twice that, in milliseconds, 100 to 3,600,000; 10,000 by default.", 100, 3_600_000, 10_000)),
        ("resend", TrueUnless("Whether a publish that was not acknowledged is sent again until it is; true by default.")));
}
