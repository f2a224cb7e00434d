using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The part of the schema of world files that is about a gateway which runs already.</summary>
internal static class ExternalGatewaySchema
{
    public static JsonObject Build() => Object("A gateway that runs already, of any make: the world adds the proxy in front of it, and starts no gateway and no store. How many are started, gateways says.", ["kind"],
        ("kind", Enum("gateway", "external: it runs already.", ["external"])),
        ("address", Text("Where it takes WebSocket connections: ws://host:port/path?query, or wss:. Without it, --gateway says where.")),
        ("tls", Object("How the gateway's certificate is checked, where the address is wss:; by the system's roots, for the address's host, by default.", [],
            ("ca", Text("PEM file with the roots to trust, as seen from the working folder.")),
            ("server_name", Text("Name to ask for and to expect in the certificate.")),
            ("verify", TrueUnless("false: takes any certificate. true by default.")))),
        ("headers", new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Headers of every handshake, such as Authorization. ${NAME} stands for a variable of the environment.",
            ["propertyNames"] = new JsonObject { ["pattern"] = "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", ["description"] = "Name of a header." },
            ["additionalProperties"] = new JsonObject { ["type"] = "string", ["maxLength"] = 8000, ["description"] = "Its value." },
        }),
        ("subprotocols", List("Subprotocols that clients offer, the most wanted first.", Text("Name of a subprotocol."), max: 10)),
        ("hello", new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 8000, ["description"] = "Text that plain clients send as their first message. ${NAME} stands for a variable of the environment." }),
        ("allow", List("Targets beyond this machine that may be broken on purpose, as host:port. The command line must name them too, with --allow-target.",
            new JsonObject { ["type"] = "string", ["pattern"] = @"^(\[[0-9A-Fa-f:.]+\]|[^\s:/]+):[0-9]{1,5}$", ["description"] = "host:port." }, max: 20)));
}
