using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The schema of world files.</summary>
internal static class WorldSchema
{
    public static JsonObject Build()
    {
        var schema = Object("A world: regions with their gateway nodes and stores. Each region R has the links R.clients (WebSocket) and R.redis (TCP), and R.upstream (HTTP) where it has an upstream service; between regions R and S there are R→S.replication (TCP) and R→S.clients (WebSocket), the way of R's clients to S.", ["name", "regions"],
            ("name", Name("Name of the world, the same as its file's.")),
            ("regions", List("Its regions. At least one.", Ref("region"), min: 1, max: 16)),
            ("rtt", List("Round-trip times between regions: one for each pair of them.", Object("How far two regions are from each other.", ["between", "ms"],
                ("between", Pair("The two regions.")),
                ("ms", Number("Round-trip time in milliseconds, half of it each way.", 0, 10_000))), max: 120)));
        return Document("Chaos world", schema, new JsonObject
        {
            ["region"] = Object("A region: gateway nodes on one store.", ["name"],
                ("name", new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z][a-z0-9-]{0,15}$", ["description"] = "Short lower-case name, such as eu." }),
                ("gateways", Whole("Number of gateway nodes, 1 to 16; 1 by default.", 1, 16, 1)),
                ("gateway", ExternalGatewaySchema.Build()),
                ("store", Object("Its Redis; embedded by default.", ["kind"],
                    ("kind", Enum("store", ExperimentSchema.Described("Where it comes from.",
                        [("embedded", "started with the run, nothing to install"), ("process", "a redis-server that is started with the run"), ("container", "a redis-server in a container that is started with the run"), ("external", "a Redis that runs already")]), ["embedded", "process", "container", "external"])),
                    ("program", Text("Path or name of the redis-server of a process; redis-server on PATH by default.")),
                    ("image", Text("Image of a container, such as redis:7; DOCKER_HOST names the engine.")),
                    ("address", new JsonObject { ["type"] = "string", ["pattern"] = @"^[^\s:]+:[0-9]{1,5}$", ["description"] = "host:port of an external store." }))),
                ("upstream", Object("The HTTP service that its gateway nodes ask for channels whose rule says ask; none by default.", ["kind"],
                    ("kind", Enum("upstream", ExperimentSchema.Described("Where it comes from.",
                        [("embedded", "started with the run: it allows what belongs to the user's own tenant"), ("external", "a service that runs already")]), ["embedded", "external"])),
                    ("address", new JsonObject { ["type"] = "string", ["pattern"] = @"^[^\s:]+:[0-9]{1,5}$", ["description"] = "host:port of an external service." })))),
        });
    }
}
